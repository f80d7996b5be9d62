// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/// One run of the shell: statements from the command line, from a file, from a pipe, or from a
/// person at a terminal.
public final class Shell {
  /// Where the shell connects when it is told nothing.
  public static final String DEFAULT_URL = "jdbc:varve://127.0.0.1:8123/default";

  /// @param statements to run instead of asking, or none
  /// @param files of statements to run instead of asking, or none
  /// @param format null for a table at a terminal and TSV in a pipe
  public record Options(
      String url,
      String user,
      String password,
      List<String> statements,
      List<Path> files,
      OutputFormat format) {}

  private final InputStream in;
  private final PrintWriter out;
  private final PrintWriter err;

  public Shell(InputStream in, PrintWriter out, PrintWriter err) {
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /// Runs; returns the exit status: 0 when every statement went well, else 1.
  ///
  /// @param terminal whether a person sits before it
  public int run(Options options, boolean terminal) {
    try (Connection connection =
        DriverManager.getConnection(options.url(), options.user(), options.password())) {
      boolean given = !options.statements().isEmpty() || !options.files().isEmpty();
      boolean asking = terminal && !given;
      OutputFormat format = options.format();
      if (format == null) {
        format = terminal ? OutputFormat.table : OutputFormat.tsv;
      }
      Runner runner = new Runner(connection, format, terminal, out, err);
      if (asking) {
        return new Console(connection, runner, options.url()).run();
      }
      return given ? runGiven(options, runner) : runPiped(runner);
    } catch (SQLException e) {
      err.println("Error: " + e.getMessage() + " [SQLState " + e.getSQLState() + "]");
      err.flush();
      return 1;
    } catch (IOException e) {
      err.println("Error: " + e.getMessage());
      err.flush();
      return 1;
    } finally {
      out.flush();
    }
  }

  /// Stops at the first failure: what follows may rest on it. A statement of the command line may
  /// be a short command, as at the prompt.
  private int runGiven(Options options, Runner runner) throws IOException {
    Commands commands = new Commands(runner, out);
    for (String text : options.statements()) {
      if (text.stripLeading().startsWith("\\")) {
        boolean goesOn = commands.run(text);
        if (!goesOn || !commands.wentWell()) {
          return commands.wentWell() ? 0 : 1;
        }
      } else if (!runAll(text, runner)) {
        return 1;
      }
    }
    for (Path file : options.files()) {
      if (!runAll(Files.readString(file), runner)) {
        return 1;
      }
    }
    return 0;
  }

  private static boolean runAll(String text, Runner runner) {
    for (String statement : Statements.all(text)) {
      if (!runner.run(statement)) {
        return false;
      }
    }
    return true;
  }

  private int runPiped(Runner runner) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    StringBuilder text = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      text.append(line).append('\n');
      if (line.indexOf(';') >= 0) {
        Statements.Cut cut = Statements.cut(text.toString());
        for (String statement : cut.complete()) {
          if (!runner.run(statement)) {
            return 1;
          }
        }
        text.setLength(0);
        text.append(cut.rest());
      }
    }
    return runAll(text.toString(), runner) ? 0 : 1;
  }
}
