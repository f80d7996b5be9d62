// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// `./varve` lets through what the program behind it knows, and says so in its usage.
final class LauncherTest {
  /// Commands that the launcher itself carries out.
  private static final List<String> OWN = List.of("bench", "test");

  private final String launcher;

  LauncherTest() throws IOException {
    launcher = Files.readString(Path.of(System.getProperty("varve.root", "..")).resolve("varve"));
  }

  @Test
  void everyCommandOfTheProgramIsTakenAndNoOther() {
    Matcher taken = Pattern.compile("(?m)^ {2}(demo \\|[^)]*)\\) ;;$").matcher(launcher);
    assertThat(taken.find()).isTrue();
    assertThat(new TreeSet<>(Arrays.asList(taken.group(1).split(" \\| ")))).isEqualTo(commands());
  }

  @Test
  void theUsageNamesEveryCommand() {
    List<String> named = new ArrayList<>();
    Matcher line = Pattern.compile("(?m)^ {2}([a-z]+) {2,}\\S.*$").matcher(launcher);
    while (line.find()) {
      named.add(line.group(1));
    }
    assertThat(new TreeSet<>(named)).isEqualTo(commands());
  }

  private static TreeSet<String> commands() {
    TreeSet<String> commands =
        new TreeSet<>(new CommandLine(Varve.class).getSubcommands().keySet());
    commands.addAll(OWN);
    return commands;
  }
}
