// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import picocli.CommandLine.Option;

/// Who a client is.
final class LoginOptions {
  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER",
      defaultValue = "",
      description = "name of the user")
  String user;

  @Option(
      names = "--password",
      paramLabel = "PASSWORD",
      arity = "0..1",
      interactive = true,
      defaultValue = "",
      description = "password of the user; asked for where it is not given")
  String password;
}
