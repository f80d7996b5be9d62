// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import dev.varve.bench.cluster.ClusterScenario;
import dev.varve.bench.doors.ConnectionsScenario;
import dev.varve.bench.doors.FetchScenario;
import dev.varve.bench.doors.LoadScenario;
import dev.varve.bench.ingest.IngestScenario;
import dev.varve.bench.suite.GroupByScenario;
import dev.varve.bench.suite.HitsScenario;
import dev.varve.bench.suite.TpcdsScenario;
import dev.varve.bench.suite.TpchScenario;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `varve bench`.
@Command(
    name = "varve bench",
    description = "Scenario benchmarks; each prints machine, versions, every run and the ratio.",
    synopsisSubcommandLabel = "SCENARIO",
    mixinStandardHelpOptions = true,
    subcommands = {
      MicroCommand.class,
      CompressionScenario.class,
      HitsScenario.class,
      TpchScenario.class,
      TpcdsScenario.class,
      GroupByScenario.class,
      IngestScenario.class,
      MergeScenario.class,
      ExactScenario.class,
      UpsertScenario.class,
      SmallScenario.class,
      FetchScenario.class,
      ConnectionsScenario.class,
      LoadScenario.class,
      ClusterScenario.class
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }
}
