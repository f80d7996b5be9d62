// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

/// Where the rows of a format end, found without reading their values.
@FunctionalInterface
interface RowEnds {
  /// The position behind the last whole row of `text[from, to)`, where a row begins at `from`; or
  /// `from` where none is whole.
  int last(byte[] text, int from, int to);

  /// Rows that end with their line.
  static int ofLines(byte[] text, int from, int to) {
    int at = to;
    while (at > from && text[at - 1] != '\n') {
      at--;
    }
    return at;
  }

  /// Rows of JSONEachRow.
  static int ofObjects(byte[] text, int from, int to) {
    int last = from;
    for (int end = from; end >= 0; end = JsonRows.end(text, end, to)) {
      last = end;
    }
    return last;
  }

  /// Rows of CSV, whose quoted fields may hold line breaks.
  static RowEnds ofFields(byte delimiter) {
    return (text, from, to) -> {
      if (ByteSearch.first(text, from, to, (byte) '"') == to
          && ByteSearch.first(text, from, to, (byte) '\r') == to) {
        return ofLines(text, from, to);
      }
      int last = from;
      int at = from;
      while (at < to) {
        at = fieldEnd(text, at, to, delimiter);
        if (at < to && text[at] == '\r') {
          if (at + 1 == to) {
            break; // whether a line break follows is not known yet
          }
          at += text[at + 1] == '\n' ? 1 : 0;
        }
        if (at < to && text[at] != delimiter) {
          last = at + 1;
        }
        at++;
      }
      return last;
    };
  }

  /// The delimiter or line break behind the field that begins here, or `to`.
  private static int fieldEnd(byte[] text, int from, int to, byte delimiter) {
    int at = from;
    while (at < to && (text[at] == ' ' || text[at] == '\t' && delimiter != '\t')) {
      at++;
    }
    if (at < to && text[at] == '"') {
      do {
        at = ByteSearch.first(text, at + 1, to, (byte) '"') + 1;
      } while (at < to && text[at] == '"');
    }
    while (at < to && text[at] != delimiter && text[at] != '\n' && text[at] != '\r') {
      at++;
    }
    return Math.min(at, to);
  }
}
