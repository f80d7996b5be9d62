// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// The shell before a person: a prompt, history in `~/.varve_history`, completion of keywords,
/// tables and columns. A statement may have many lines and ends with `;`. Ctrl-C cancels what runs,
/// or forgets what was typed; Ctrl-D leaves.
final class Console {
  private static final String HELP =
      """
      End a statement with ; and it runs. Ctrl-C cancels it, Ctrl-D leaves.
        \\d           tables          \\d NAME      columns of a table
        \\l           databases       \\format F    table, vertical, csv, tsv or json
        \\q           leave           \\?           this text\
      """;

  private final Connection connection;
  private final Runner runner;
  private final String url;

  Console(Connection connection, Runner runner, String url) {
    this.connection = connection;
    this.runner = runner;
    this.url = url;
  }

  /// Asks and runs until the end; returns the exit status, which is 0.
  int run() throws IOException, SQLException {
    try (Terminal terminal = TerminalBuilder.builder().name("varve").system(true).build()) {
      DefaultParser parser = new DefaultParser();
      // JLine's own quotes and escapes are not SQL's.
      parser.setQuoteChars(new char[0]);
      parser.setEscapeChars(new char[0]);
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("varve")
              .parser(parser)
              .completer(new SqlCompleter(connection))
              .variable(
                  LineReader.HISTORY_FILE,
                  Path.of(System.getProperty("user.home"), ".varve_history"))
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      terminal.handle(Terminal.Signal.INT, _ -> runner.cancel());
      terminal
          .writer()
          .println("Varve " + connection.getMetaData().getDatabaseProductVersion() + " at " + url);
      terminal.writer().println("Type \\? for help.");
      ask(reader);
    }
    return 0;
  }

  private void ask(LineReader reader) throws SQLException {
    StringBuilder text = new StringBuilder();
    while (true) {
      String line;
      try {
        line = reader.readLine(text.isEmpty() ? connection.getSchema() + "> " : "   … ");
      } catch (UserInterruptException e) {
        text.setLength(0);
        continue;
      } catch (EndOfFileException e) {
        return;
      }
      if (text.isEmpty() && line.startsWith("\\")) {
        if (!command(line.strip(), reader)) {
          return;
        }
        continue;
      }
      text.append(line).append('\n');
      Statements.Cut cut = Statements.cut(text.toString());
      cut.complete().forEach(runner::run);
      text.setLength(0);
      if (!Statements.isBlank(cut.rest())) {
        text.append(cut.rest());
      }
    }
  }

  /// Does a command of the shell's own; false to leave.
  private boolean command(String line, LineReader reader) {
    String[] words = line.split("\\s+", 2);
    String argument = words.length > 1 ? words[1].replace(";", "") : "";
    switch (words[0]) {
      case "\\q" -> {
        return false;
      }
      case "\\d" -> runner.run(argument.isEmpty() ? "SHOW TABLES" : "DESCRIBE TABLE " + argument);
      case "\\l" -> runner.run("SHOW DATABASES");
      case "\\format" -> setFormat(argument, reader);
      default -> reader.printAbove(HELP);
    }
    return true;
  }

  private void setFormat(String name, LineReader reader) {
    for (OutputFormat format : OutputFormat.values()) {
      if (format.name().equals(name.toLowerCase(Locale.ROOT))) {
        runner.format(format);
        return;
      }
    }
    reader.printAbove("No format \"" + name + "\": table, vertical, csv, tsv or json.");
  }
}
