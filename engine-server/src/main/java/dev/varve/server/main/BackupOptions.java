// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.server.shell.Shell;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `varve backup` and `varve restore` share: which tables, on which server.
final class BackupOptions {
  @Option(
      names = {"-t", "--table"},
      paramLabel = "TABLE",
      description = "table or view, database.table or of the database default; may come again")
  List<String> tables = new ArrayList<>();

  @Option(
      names = {"-d", "--database"},
      paramLabel = "DATABASE",
      description = "all tables of a database; may come again")
  List<String> databases = new ArrayList<>();

  @Option(
      names = "--base",
      paramLabel = "NAME",
      description = "an older backup that this one is based on")
  String base;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = Shell.DEFAULT_URL,
      description = "where to connect (default ${DEFAULT-VALUE})")
  String url;

  @Mixin LoginOptions login;

  /// What is named, as BACKUP has it; everything where nothing is.
  String elements() {
    List<String> elements = new ArrayList<>();
    tables.forEach(table -> elements.add("TABLE " + quoted(table)));
    databases.forEach(database -> elements.add("DATABASE " + name(database)));
    return elements.isEmpty() ? "ALL" : String.join(", ", elements);
  }

  /// The same under another name, or under its own where that is empty.
  String elementsAs(String as) {
    if (as.isEmpty()) {
      return elements();
    }
    if (tables.size() + databases.size() != 1) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "--as names one thing anew: give one --table or one --database");
    }
    return elements() + " AS " + (tables.isEmpty() ? name(as) : quoted(as));
  }

  /// Runs the statement; its answer goes to standard output.
  int run(String statement) {
    String sql = base == null ? statement : statement + " SETTINGS base_backup = " + file(base);
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    return new Shell(InputStream.nullInputStream(), out, err)
        .run(
            new Shell.Options(
                ServerUrl.jdbc(url), login.user, login.password, List.of(sql), List.of(), null),
            false);
  }

  static String file(String path) {
    return "File('" + path.replace("\\", "\\\\").replace("'", "\\'") + "')";
  }

  private static String quoted(String table) {
    return Arrays.stream(table.split("\\.", 2))
        .map(BackupOptions::name)
        .collect(Collectors.joining("."));
  }

  private static String name(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
