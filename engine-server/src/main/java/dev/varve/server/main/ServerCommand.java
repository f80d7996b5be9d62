// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.server.node.VarveServer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `varve server`: serves until it is told to stop.
@Command(
    name = "server",
    description = "Runs the server until SIGTERM or Ctrl-C, which stop it cleanly.",
    mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "data directory, made if it is not there")
  Path data;

  @Mixin ServerOptions options;

  @Override
  public Integer call() throws InterruptedException {
    VarveServer server = VarveServer.open(options.config(data));
    CountDownLatch stopped = new CountDownLatch(1);
    Thread stop =
        new Thread(
            () -> {
              server.close();
              stopped.countDown();
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    System.out.println(server.readyLine());
    System.out.flush();
    server.warmUp();
    stopped.await();
    return 0;
  }
}
