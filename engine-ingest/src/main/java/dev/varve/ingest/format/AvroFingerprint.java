// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// The 64-bit Rabin fingerprint of a schema's canonical form, by which a single-object record names
/// its schema.
final class AvroFingerprint {
  private static final long EMPTY = 0xC15D213AA4D7A795L;

  private final StringBuilder text = new StringBuilder();
  private final Set<String> written = new HashSet<>();

  private AvroFingerprint() {}

  static long of(AvroSchema schema) {
    long print = EMPTY;
    for (byte b : canonical(schema).getBytes(StandardCharsets.UTF_8)) {
      print = print >>> 8 ^ table((int) (print ^ b) & 0xFF);
    }
    return print;
  }

  private static long table(int index) {
    long print = index;
    for (int i = 0; i < 8; i++) {
      print = print >>> 1 ^ EMPTY & -(print & 1);
    }
    return print;
  }

  /// The schema as JSON without blanks, with full names, and only with what readers need.
  static String canonical(AvroSchema schema) {
    AvroFingerprint form = new AvroFingerprint();
    form.write(schema);
    return form.text.toString();
  }

  private void write(AvroSchema schema) {
    switch (schema) {
      case AvroSchema.Primitive primitive ->
          quote(primitive.kind().name().toLowerCase(Locale.ROOT));
      case AvroSchema.Struct struct -> {
        if (named(struct.name(), "record")) {
          text.append(",\"fields\":[");
          String between = "";
          for (AvroSchema.Field field : struct.fields()) {
            text.append(between).append("{\"name\":");
            quote(field.name());
            text.append(",\"type\":");
            write(field.schema());
            text.append('}');
            between = ",";
          }
          text.append("]}");
        }
      }
      case AvroSchema.Enumeration labels -> {
        if (named(labels.name(), "enum")) {
          text.append(",\"symbols\":[");
          String between = "";
          for (String symbol : labels.symbols()) {
            text.append(between);
            quote(symbol);
            between = ",";
          }
          text.append("]}");
        }
      }
      case AvroSchema.Fixed fixed -> {
        if (named(fixed.name(), "fixed")) {
          text.append(",\"size\":").append(fixed.size()).append('}');
        }
      }
      case AvroSchema.ListOf list -> {
        text.append("{\"type\":\"array\",\"items\":");
        write(list.items());
        text.append('}');
      }
      case AvroSchema.MapOf map -> {
        text.append("{\"type\":\"map\",\"values\":");
        write(map.values());
        text.append('}');
      }
      case AvroSchema.Union union -> {
        String between = "[";
        for (AvroSchema branch : union.branches()) {
          text.append(between);
          write(branch);
          between = ",";
        }
        text.append(union.branches().isEmpty() ? "[]" : "]");
      }
    }
  }

  /// Begins the definition of a name, or writes the name alone where it was defined before.
  private boolean named(String name, String type) {
    if (!written.add(name)) {
      quote(name);
      return false;
    }
    text.append("{\"name\":");
    quote(name);
    text.append(",\"type\":\"").append(type).append('"');
    return true;
  }

  private void quote(String word) {
    text.append('"').append(word).append('"');
  }
}
