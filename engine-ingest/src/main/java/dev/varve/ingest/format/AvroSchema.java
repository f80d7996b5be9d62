// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import java.util.List;

/// An Avro schema, with names resolved.
sealed interface AvroSchema {
  /// `null`, `boolean`, `int`, `long`, `float`, `double`, `bytes`, `string`.
  enum Kind {
    NULL,
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    BYTES,
    STRING
  }

  /// @param logical what the value stands for, such as `date`, or empty
  /// @param scale of a decimal
  record Primitive(Kind kind, String logical, int scale) implements AvroSchema {}

  record Field(String name, AvroSchema schema) {}

  /// @param name with its namespace
  record Struct(String name, List<Field> fields) implements AvroSchema {}

  record Enumeration(String name, List<String> symbols) implements AvroSchema {}

  record Fixed(String name, int size, String logical, int scale) implements AvroSchema {}

  record ListOf(AvroSchema items) implements AvroSchema {}

  record MapOf(AvroSchema values) implements AvroSchema {}

  record Union(List<AvroSchema> branches) implements AvroSchema {}
}
