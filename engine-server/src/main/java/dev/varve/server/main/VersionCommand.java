// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import picocli.CommandLine.Command;

/// `varve version`.
@Command(
    name = "version",
    description = "Prints the versions of the engine and of Java.",
    mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable {
  @Override
  public void run() {
    String version = Varve.class.getPackage().getImplementationVersion();
    System.out.println(
        "varve "
            + (version == null ? "(not from a jar)" : version)
            + ", Java "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch"));
  }
}
