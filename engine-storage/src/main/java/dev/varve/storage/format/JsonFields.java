// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.VarveException;
import java.nio.charset.StandardCharsets;

/// Visits the fields of a JSON object where they lie, without reading their values. One thread.
public final class JsonFields {
  /// Told of each field: its value is `bytes[from, to)`.
  @FunctionalInterface
  public interface Visitor {
    void field(String name, int from, int to);
  }

  private final JsonScanner scanner = new JsonScanner();

  /// @throws VarveException if `bytes[from, to)` does not begin with an object
  public void visit(byte[] bytes, int from, int to, Visitor visitor) {
    scanner.open(bytes, from, to);
    scanner.expect('{');
    if (scanner.skip('}')) {
      return;
    }
    do {
      scanner.string();
      int length = scanner.valueEnd - scanner.valueFrom;
      String name = new String(scanner.value, scanner.valueFrom, length, StandardCharsets.UTF_8);
      scanner.expect(':');
      scanner.any();
      visitor.field(name, scanner.valueFrom, scanner.valueEnd);
    } while (scanner.skip(','));
    scanner.expect('}');
  }
}
