// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON document as plain objects: `Map`, `List`, `String`, `BigDecimal`, `Boolean`, or null. For
/// schemas and the like; rows are read by [JsonRows].
public final class JsonTree {
  private static final int MAX_DEPTH = 100;

  private final JsonScanner scanner = new JsonScanner();

  private JsonTree() {}

  /// @throws VarveException CANNOT_PARSE_INPUT with the position
  public static Object parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    JsonTree tree = new JsonTree();
    tree.scanner.open(bytes, 0, bytes.length);
    Object value = tree.value(0);
    if (tree.scanner.peek() != 0) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT,
          "text follows the JSON document at byte " + tree.scanner.position());
    }
    return value;
  }

  private Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT, "the JSON document is nested too deep");
    }
    return switch (scanner.peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      default -> bare();
    };
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> fields = new LinkedHashMap<>();
    scanner.expect('{');
    if (scanner.skip('}')) {
      return fields;
    }
    do {
      String name = string();
      scanner.expect(':');
      fields.put(name, value(depth + 1));
    } while (scanner.skip(','));
    scanner.expect('}');
    return fields;
  }

  private List<Object> array(int depth) {
    List<Object> elements = new ArrayList<>();
    scanner.expect('[');
    if (scanner.skip(']')) {
      return elements;
    }
    do {
      elements.add(value(depth + 1));
    } while (scanner.skip(','));
    scanner.expect(']');
    return elements;
  }

  private String string() {
    scanner.string();
    return text();
  }

  private String text() {
    int length = scanner.valueEnd - scanner.valueFrom;
    return new String(scanner.value, scanner.valueFrom, length, StandardCharsets.UTF_8);
  }

  private Object bare() {
    scanner.bare();
    String word = text();
    switch (word) {
      case "null":
        return null;
      case "true":
        return true;
      case "false":
        return false;
      default:
        try {
          return new BigDecimal(word);
        } catch (NumberFormatException e) {
          throw new VarveException(
              ErrorCode.CANNOT_PARSE_INPUT, "\"" + word + "\" is no JSON value", e);
        }
    }
  }
}
