// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.catalog;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The files that statements may name: on a server those in one folder, `user_files`, with links
/// followed; in an engine inside a program any.
///
/// @param root the folder, absent where any file may be named
public record UserFiles(Optional<Path> root) {
  public static final UserFiles ANYWHERE = new UserFiles(Optional.empty());

  private static final Pattern RANGE = Pattern.compile("\\{(\\d+)\\.\\.(\\d+)}");
  private static final int MAX_RANGE = 100_000;

  /// Files in this folder alone.
  public static UserFiles inside(Path folder) {
    return new UserFiles(Optional.of(folder.toAbsolutePath().normalize()));
  }

  /// A file by its name, whether it is there or not.
  ///
  /// @throws VarveException PATH_ACCESS_DENIED outside of the folder
  public Path named(String name) {
    Path path;
    try {
      path = root.map(folder -> folder.resolve(name)).orElse(Path.of(name));
    } catch (InvalidPathException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "\"" + name + "\" is no name of a file: " + e.getReason(), e);
    }
    return inside(path.toAbsolutePath().normalize(), name);
  }

  private Path inside(Path path, String name) {
    if (root.isEmpty()) {
      return path;
    }
    Path folder = root.get();
    boolean stays = path.startsWith(folder);
    try {
      Path there = path;
      while (stays && there != null && !Files.exists(there)) {
        there = there.getParent();
      }
      // A link in the folder may lead out of it.
      stays =
          stays
              && (!Files.exists(folder)
                  || there == null
                  || there.toRealPath().startsWith(folder.toRealPath())
                  || folder.startsWith(there));
    } catch (IOException e) {
      throw FileErrors.of("read", path, e);
    }
    if (!stays) {
      throw new VarveException(
          ErrorCode.PATH_ACCESS_DENIED,
          "the file \""
              + name
              + "\" is not inside "
              + folder
              + ", and a server reads and writes files only there");
    }
    return path;
  }

  /// Files whose names fit: `*`, `?`, `**`, `{a,b}` and `{1..9}` stand for several.
  ///
  /// @throws VarveException FILE_DOESNT_EXIST without any
  public List<Path> all(String pattern) {
    List<Path> found = new ArrayList<>();
    if (!hasPattern(pattern)) {
      Path path = named(pattern);
      if (Files.isRegularFile(path)) {
        found.add(path);
      }
    } else {
      fitting(pattern, found);
    }
    if (found.isEmpty()) {
      throw new VarveException(
          ErrorCode.FILE_DOESNT_EXIST,
          "no file to read at "
              + named(fixed(pattern).isEmpty() ? "." : fixed(pattern))
              + "/"
              + pattern.substring(pattern.lastIndexOf('/') + 1)
              + "; see the name, and that the file is on the machine of the server");
    }
    return found;
  }

  private void fitting(String pattern, List<Path> found) {
    Path start = named(fixed(pattern));
    String absolute = start + "/" + pattern.substring(fixed(pattern).length());
    PathMatcher matcher =
        start.getFileSystem().getPathMatcher("glob:" + written(absolute.replace("//", "/")));
    if (!Files.isDirectory(start)) {
      return;
    }
    int depth = pattern.contains("**") ? Integer.MAX_VALUE : depth(pattern);
    try (Stream<Path> files = Files.walk(start, depth)) {
      files
          .filter(matcher::matches)
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(file -> found.add(inside(file, pattern)));
    } catch (IOException e) {
      throw FileErrors.of("list", start, e);
    }
  }

  private static boolean hasPattern(String text) {
    return text.chars().anyMatch(c -> "*?{".indexOf(c) >= 0);
  }

  /// The folders before the first that is a pattern, with the slash behind them.
  private static String fixed(String pattern) {
    int first = 0;
    while (first < pattern.length() && "*?{".indexOf(pattern.charAt(first)) < 0) {
      first++;
    }
    return pattern.substring(0, pattern.lastIndexOf('/', first) + 1);
  }

  private static int depth(String pattern) {
    return (int) pattern.substring(fixed(pattern).length()).chars().filter(c -> c == '/').count()
        + 1;
  }

  /// `{1..3}` as `{1,2,3}`; a number that begins with zeros keeps its width.
  private static String written(String pattern) {
    Matcher ranges = RANGE.matcher(pattern);
    return ranges.replaceAll(range -> {
      int width = range.group(1).startsWith("0") ? range.group(1).length() : 1;
      long from = Long.parseLong(range.group(1));
      long to = Long.parseLong(range.group(2));
      if (to - from > MAX_RANGE) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, range.group() + " stands for too many files");
      }
      StringBuilder names = new StringBuilder("{");
      for (long i = from; i <= to; i++) {
        String number = Long.toString(i);
        names
            .append(i == from ? "" : ",")
            .repeat("0", Math.max(0, width - number.length()))
            .append(number);
      }
      return Matcher.quoteReplacement(names.append('}').toString());
    });
  }
}
