// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The indented blocks of a page of the repository, in order. A drawn table ends the block above it
/// and is one of its own.
final class PageBlocks {
  private static final String INDENT = "    ";

  private PageBlocks() {}

  /// @param before the paragraph that leads to it
  /// @param text without the indentation
  record Block(String before, String text) {
    boolean isCommand() {
      return text.matches("(?s)(curl|kcat|cat|echo|\\./varve) .*");
    }

    boolean isAnswer() {
      return text.contains("┌");
    }

    boolean isQuery() {
      return text.startsWith("SELECT ");
    }
  }

  /// @param page its path from the root of the repository
  static List<Block> of(String page) throws IOException {
    List<Block> blocks = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    StringBuilder paragraph = new StringBuilder();
    String before = "";
    for (String line : Files.readAllLines(root().resolve(page))) {
      if (line.contains("┌") && !block.isEmpty()) {
        blocks.add(new Block(before, block.toString().stripTrailing()));
        block.setLength(0);
      }
      if (line.startsWith(INDENT) || (line.isEmpty() && !block.isEmpty())) {
        block.append(line.isEmpty() ? "" : line.substring(INDENT.length())).append('\n');
        continue;
      }
      if (!block.isEmpty()) {
        blocks.add(new Block(before, block.toString().stripTrailing()));
        block.setLength(0);
      }
      if (line.isEmpty()) {
        paragraph.setLength(0);
      } else {
        before = paragraph.append(line).append('\n').toString();
      }
    }
    if (!block.isEmpty()) {
      blocks.add(new Block(before, block.toString().stripTrailing()));
    }
    return blocks;
  }

  private static Path root() {
    return Path.of(System.getProperty("varve.root", ".."));
  }
}
