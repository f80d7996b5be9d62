// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/// What the shell does by itself when a line begins with a backslash. Most are statements under a
/// short name. A pattern may have `*` and `?`.
final class Commands {
  /// @param argument what it takes, for the help; empty for nothing
  private record Command(String name, String argument, String help) {}

  private static final List<Command> ALL =
      List.of(
          new Command("\\d", "[TABLE]", "tables and views; the columns of one"),
          new Command("\\d+", "TABLE", "the statement that makes it"),
          new Command("\\dt", "[PATTERN]", "tables with engine, rows and bytes"),
          new Command("\\dv", "[PATTERN]", "views with what they ask"),
          new Command("\\df", "[PATTERN]", "functions"),
          new Command("\\ds", "[PATTERN]", "settings in force"),
          new Command("\\du", "", "users"),
          new Command("\\l", "", "databases"),
          new Command("\\c", "DATABASE", "goes to another database"),
          new Command("\\format", "F", "prints as table, vertical, csv, tsv or json"),
          new Command("\\x", "", "one line for each value, or back to tables"),
          new Command("\\timing", "[on|off]", "time and rate behind each statement"),
          new Command("\\q", "", "leaves"),
          new Command("\\?", "", "this text"));

  private final Runner runner;
  private final PrintWriter out;
  private boolean wentWell = true;

  Commands(Runner runner, PrintWriter out) {
    this.runner = runner;
    this.out = out;
  }

  static List<String> names() {
    return ALL.stream().map(Command::name).toList();
  }

  /// Does what the line says; false to leave.
  boolean run(String line) {
    String[] words = line.strip().split("\\s+", 2);
    String argument = words.length > 1 ? words[1].replace(";", "").strip() : "";
    switch (words[0].replace(";", "")) {
      case "\\q" -> {
        return false;
      }
      case "\\d" -> ask(argument.isEmpty() ? "SHOW TABLES" : "DESCRIBE TABLE " + argument);
      case "\\d+" -> needing(argument, "a table", "SHOW CREATE TABLE " + argument);
      case "\\dt" -> ask(tables(argument));
      case "\\dv" -> ask(views(argument));
      case "\\df" ->
          ask(
              "SELECT syntax AS function, description FROM system.functions WHERE alias_to = '' AND"
                  + " "
                  + like("name", argument)
                  + " ORDER BY name");
      case "\\ds" ->
          ask(
              "SELECT name, value, description FROM system.settings"
                  + " WHERE description <> 'accepted, without effect' AND "
                  + like("name", argument)
                  + " ORDER BY name");
      case "\\du" -> ask("SHOW USERS");
      case "\\l" -> ask("SHOW DATABASES");
      case "\\c" -> needing(argument, "a database", "USE " + argument);
      case "\\format" -> format(argument);
      case "\\x" -> expand();
      case "\\timing" -> time(argument);
      case "\\?" -> say(help());
      default -> say("No command " + words[0] + ".\n" + help());
    }
    return true;
  }

  private void ask(String statement) {
    wentWell &= runner.run(statement);
  }

  /// Whether no statement has failed that a command stands for.
  boolean wentWell() {
    return wentWell;
  }

  private static String tables(String pattern) {
    return "SELECT name, engine, total_rows, formatReadableSize(total_bytes) AS size"
        + " FROM system.tables WHERE database = currentDatabase() AND NOT engine LIKE '%View' AND "
        + like("name", pattern)
        + " ORDER BY name";
  }

  private static String views(String pattern) {
    return "SELECT name, engine, as_select FROM system.tables"
        + " WHERE database = currentDatabase() AND engine LIKE '%View' AND "
        + like("name", pattern)
        + " ORDER BY name";
  }

  private static String like(String column, String pattern) {
    if (pattern.isEmpty()) {
      return "true";
    }
    String text =
        pattern
            .replace("\\", "\\\\\\\\")
            .replace("'", "\\'")
            .replace("%", "\\\\%")
            .replace("_", "\\\\_")
            .replace('*', '%')
            .replace('?', '_');
    return column + " ILIKE '" + text + "'";
  }

  private void needing(String argument, String what, String statement) {
    if (argument.isEmpty()) {
      say("The command needs " + what + ".");
    } else {
      ask(statement);
    }
  }

  private void format(String name) {
    for (OutputFormat format : OutputFormat.values()) {
      if (format.name().equals(name.toLowerCase(Locale.ROOT))) {
        runner.format(format);
        return;
      }
    }
    say("No format \"" + name + "\": table, vertical, csv, tsv or json.");
  }

  private void expand() {
    boolean vertical = runner.format() == OutputFormat.vertical;
    runner.format(vertical ? OutputFormat.table : OutputFormat.vertical);
    say("Rows are printed as " + runner.format() + ".");
  }

  private void time(String wanted) {
    boolean on = wanted.isEmpty() ? !runner.timing() : wanted.equals("on");
    runner.timing(on);
    say("Timing is " + (on ? "on." : "off."));
  }

  private static String help() {
    StringBuilder help =
        new StringBuilder(
            "End a statement with ; and it runs. Ctrl-C cancels it, Ctrl-D leaves, Tab completes.");
    for (Command command : ALL) {
      String call = command.name() + " " + command.argument();
      help.append(String.format(Locale.ROOT, "%n  %-20s %s", call, command.help()));
    }
    return help.toString();
  }

  private void say(String text) {
    out.println(text);
    out.flush();
  }
}
