// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.JsonFields;
import java.nio.charset.StandardCharsets;

/// A change of a row in another database, in Debezium's JSON envelope: `op`, `before`, `after`,
/// with a `schema` around it or without. One thread; opened again for each record.
public final class ChangeEvent {
  private final JsonFields fields = new JsonFields();
  private byte[] bytes;
  private String operation;
  private int beforeFrom;
  private int beforeTo;
  private int afterFrom;
  private int afterTo;

  /// Whether `text[from, to)` is such an envelope; then it is open.
  public boolean open(byte[] text, int from, int to) {
    bytes = text;
    try {
      find(from, to);
      if (operation == null) {
        int[] payload = payload(text, from, to);
        find(payload[0], payload[1]);
      }
    } catch (VarveException e) {
      return false;
    }
    return operation != null && (beforeTo > 0 || afterTo > 0);
  }

  private void find(int from, int to) {
    operation = null;
    beforeTo = 0;
    afterTo = 0;
    fields.visit(
        bytes,
        from,
        to,
        (name, begin, end) -> {
          switch (name) {
            case "op" ->
                operation =
                    new String(
                        bytes, begin + 1, Math.max(0, end - begin - 2), StandardCharsets.UTF_8);
            case "before" -> {
              beforeFrom = begin;
              beforeTo = end;
            }
            case "after" -> {
              afterFrom = begin;
              afterTo = end;
            }
            default -> {}
          }
        });
  }

  /// The range of the payload where a schema stands around it; else the range given.
  public int[] payload(byte[] text, int from, int to) {
    int[] range = {from, to};
    fields.visit(
        text,
        from,
        to,
        (name, begin, end) -> {
          if (name.equals("payload")) {
            range[0] = begin;
            range[1] = end;
          }
        });
    return range;
  }

  /// `c` create, `r` read by a snapshot, `u` update, `d` delete, and others.
  public String operation() {
    return operation;
  }

  public boolean hasBefore() {
    return isObject(beforeFrom, beforeTo);
  }

  public boolean hasAfter() {
    return isObject(afterFrom, afterTo);
  }

  private boolean isObject(int from, int to) {
    return to > from && bytes[from] == '{';
  }

  public int beforeFrom() {
    return beforeFrom;
  }

  public int beforeTo() {
    return beforeTo;
  }

  public int afterFrom() {
    return afterFrom;
  }

  public int afterTo() {
    return afterTo;
  }
}
