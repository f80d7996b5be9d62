// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// The shell before a person: a prompt, colours, history in `~/.varve_history`, completion. A
/// statement may have many lines, edited as one, and ends with `;`. Ctrl-C cancels what runs, or
/// forgets what was typed; Ctrl-D leaves.
final class Console {
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
      run(terminal, Path.of(System.getProperty("user.home"), ".varve_history"));
    }
    return 0;
  }

  /// @param history the file that remembers what was typed
  void run(Terminal terminal, Path history) throws SQLException {
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("varve")
            .parser(new SqlParser())
            .completer(new SqlCompleter(connection))
            .highlighter(new SqlHighlighter(SqlCompleter.keywords()))
            .variable(LineReader.HISTORY_FILE, history)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%P … ")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    terminal.handle(Terminal.Signal.INT, _ -> runner.cancel());
    String version = connection.getMetaData().getDatabaseProductVersion();
    terminal.writer().println("Varve " + version + " at " + url);
    terminal.writer().println("Type \\? for help.");
    ask(reader, new Commands(runner, terminal.writer()));
  }

  private void ask(LineReader reader, Commands commands) throws SQLException {
    while (true) {
      String text;
      try {
        text = reader.readLine(connection.getSchema() + "> ");
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        return;
      }
      if (text.stripLeading().startsWith("\\")) {
        if (!commands.run(text)) {
          return;
        }
      } else {
        Statements.all(text).forEach(runner::run);
      }
    }
  }
}
