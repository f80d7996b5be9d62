// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.util.Arrays;

/// One Array, Tuple or Map in text form, read from left to right: `[1,2]`, `('a',NULL)`, `{'k':1}`.
final class ContainerText {
  private final byte[] text;
  private final int end;
  private int at;

  ContainerText(byte[] text, int from, int end) {
    this.text = text;
    this.at = from;
    this.end = end;
  }

  void appendWhole(VectorBuilder to) {
    value(to);
    blanks();
    if (at != end) {
      throw new BadValueException("there is more behind its end");
    }
  }

  private void value(VectorBuilder to) {
    blanks();
    switch (to.type().unwrapped()) {
      case DataType.Array _ -> list(to, '[', ']', false);
      case DataType.MapOf _ -> list(to, '{', '}', true);
      case DataType.Tuple(_, var fields) -> {
        expect('(');
        for (int i = 0; i < fields.size(); i++) {
          if (i > 0) {
            expect(',');
          }
          value(to.child(i));
        }
        expect(')');
        to.endStruct();
      }
      default -> scalar(to);
    }
  }

  private void list(VectorBuilder to, char open, char close, boolean isMap) {
    expect(open);
    if (!skip(close)) {
      do {
        VectorBuilder element = to.child(0);
        if (isMap) {
          value(element.child(0));
          expect(':');
          value(element.child(1));
          element.endStruct();
        } else {
          value(element);
        }
      } while (skip(','));
      expect(close);
    }
    to.endList();
  }

  private void scalar(VectorBuilder to) {
    ScalarText parser = ScalarText.of(to.type());
    if (at < end && text[at] == '\'') {
      byte[] value = quoted();
      parser.append(to, value, 0, value.length);
      return;
    }
    int from = at;
    while (at < end && ",:)]}".indexOf(text[at]) < 0) {
      at++;
    }
    int valueEnd = at;
    while (valueEnd > from && text[valueEnd - 1] == ' ') {
      valueEnd--;
    }
    if (NumberParser.ascii(text, from, valueEnd).equalsIgnoreCase("NULL")) {
      if (!to.type().isNullable()) {
        throw new BadValueException("an element that cannot be NULL is NULL");
      }
      to.appendNull();
      return;
    }
    if (to.type().unwrapped() instanceof DataType.Text) {
      throw new BadValueException("strings inside stand in single quotes");
    }
    parser.append(to, text, from, valueEnd);
  }

  private byte[] quoted() {
    ByteSink value = new ByteSink(Math.max(16, end - at));
    at++;
    while (at < end) {
      byte b = text[at++];
      if (b == '\'') {
        if (at == end || text[at] != '\'') {
          return Arrays.copyOf(value.array(), value.size());
        }
        at++;
      } else if (b == '\\' && at < end) {
        at = TextEscapes.append(text, at, end, value);
        continue;
      }
      value.put(b);
    }
    throw new BadValueException("a quote is not closed");
  }

  private void blanks() {
    while (at < end && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t')) {
      at++;
    }
  }

  private boolean skip(char wanted) {
    blanks();
    if (at < end && text[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char wanted) {
    if (!skip(wanted)) {
      throw new BadValueException("'" + wanted + "' is missing");
    }
  }
}
