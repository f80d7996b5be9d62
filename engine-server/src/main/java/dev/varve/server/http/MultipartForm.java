// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.Session;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;

/// A body of `multipart/form-data`: parameters of the request, and files, each of which is a table
/// that the statement may read. `NAME_structure` or `NAME_types` says what columns a file has,
/// `NAME_format` how its rows are written; they stand in the form or in the URL.
///
/// Files wait in the directory given until this is closed.
final class MultipartForm implements Closeable {
  private static final String TYPE = "multipart/form-data";
  private static final long MEMORY_BYTES = 1 << 20;
  private static final long MOST_BYTES = 4L << 30;
  private static final int MOST_PARTS = 1_000;

  private final MultiPartFormData.Parts parts;
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final List<MultiPart.Part> files = new ArrayList<>();

  private MultipartForm(MultiPartFormData.Parts parts) {
    this.parts = parts;
    for (MultiPart.Part part : parts) {
      if (part.getFileName() != null) {
        files.add(part);
      } else {
        fields.put(part.getName(), part.getContentAsString(StandardCharsets.UTF_8));
      }
    }
  }

  /// The form that a request brings, if it brings one.
  ///
  /// @throws VarveException BAD_ARGUMENTS where the body is no such form
  static Optional<MultipartForm> of(org.eclipse.jetty.server.Request request, Path directory)
      throws IOException {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null || !type.regionMatches(true, 0, TYPE, 0, TYPE.length())) {
      return Optional.empty();
    }
    Files.createDirectories(directory);
    MultiPartConfig limits =
        new MultiPartConfig.Builder()
            .location(directory)
            .maxMemoryPartSize(MEMORY_BYTES)
            .maxPartSize(MOST_BYTES)
            .maxSize(MOST_BYTES)
            .maxParts(MOST_PARTS)
            .useFilesForPartsWithoutFileName(false)
            .build();
    try {
      return Optional.of(
          new MultipartForm(MultiPartFormData.getParts(request, request, type, limits)));
    } catch (CompletionException | IllegalArgumentException | IllegalStateException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the body is no multipart/form-data of at most "
              + (MOST_BYTES >> 30)
              + " GiB: "
              + reason.getMessage(),
          e);
    }
  }

  /// The parameters of the URL and those of the form, without what describes the files.
  QueryParameters parameters(QueryParameters ofUrl) {
    Map<String, String> all = new LinkedHashMap<>(fields);
    for (MultiPart.Part file : files) {
      for (String end : List.of("_structure", "_types", "_format")) {
        all.remove(file.getName() + end);
        ofUrl = ofUrl.without(file.getName() + end);
      }
    }
    return ofUrl.with(all);
  }

  /// Makes a temporary table of each file.
  ///
  /// @param ofUrl as the URL alone has them
  void makeTables(Session session, QueryParameters ofUrl) throws IOException {
    for (MultiPart.Part file : files) {
      String name = quoted(file.getName());
      run(session, "DROP TEMPORARY TABLE IF EXISTS " + name, Optional.empty());
      run(
          session,
          "CREATE TEMPORARY TABLE " + name + " (" + structure(file.getName(), ofUrl) + ")",
          Optional.empty());
      String format = described(file.getName() + "_format", ofUrl).orElse("TabSeparated");
      if (!format.matches("[A-Za-z0-9]+")) {
        throw new VarveException(ErrorCode.UNKNOWN_FORMAT, "unknown format \"" + format + "\"");
      }
      try (InputStream rows = Content.Source.asInputStream(file.getContentSource())) {
        run(session, "INSERT INTO " + name + " FORMAT " + format, Optional.of(rows));
      }
    }
  }

  private String structure(String table, QueryParameters ofUrl) {
    Optional<String> structure = described(table + "_structure", ofUrl);
    if (structure.isPresent()) {
      return structure.get();
    }
    String types =
        described(table + "_types", ofUrl)
            .orElseThrow(() ->
                new VarveException(
                    ErrorCode.BAD_ARGUMENTS,
                    "say what columns the file \""
                        + table
                        + "\" has, by "
                        + table
                        + "_structure=name Type, … or "
                        + table
                        + "_types=Type, …"));
    List<String> columns = new ArrayList<>();
    for (String type : split(types)) {
      columns.add("_" + (columns.size() + 1) + " " + type);
    }
    return String.join(", ", columns);
  }

  /// Types between commas, which types have in brackets too.
  private static List<String> split(String types) {
    List<String> list = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < types.length(); i++) {
      char c = types.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        list.add(types.substring(from, i));
        from = i + 1;
      }
    }
    list.add(types.substring(from));
    return list;
  }

  private Optional<String> described(String name, QueryParameters ofUrl) {
    return Optional.ofNullable(fields.getOrDefault(name, ofUrl.settings().get(name)));
  }

  private static String quoted(String name) {
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
  }

  private static void run(Session session, String sql, Optional<InputStream> rows) {
    Request work = new Request(sql, List.of(), Map.of(), Map.of(), rows, "");
    try (Result done = session.execute(work)) {
      if (!done.columns().isEmpty()) {
        throw new IllegalStateException(
            sql
                + " gives rows: "
                + done.columns().stream().map(Object::toString).collect(Collectors.joining()));
      }
    }
  }

  /// Drops what [#makeTables] made, for a session that lives on.
  void dropTables(Session session) {
    for (MultiPart.Part file : files) {
      run(session, "DROP TEMPORARY TABLE IF EXISTS " + quoted(file.getName()), Optional.empty());
    }
  }

  @Override
  public void close() {
    parts.close();
    for (MultiPart.Part part : parts) {
      try {
        part.delete();
      } catch (IOException e) {
        HttpServer.LOG.warn("cannot delete the file of an upload", e);
      }
    }
  }
}
