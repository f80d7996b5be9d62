// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.type.DataType;
import java.util.List;

/// A column as declared.
///
/// @param kind where a value comes from when an insert gives none
/// @param expression SQL of DEFAULT, MATERIALIZED, EPHEMERAL or ALIAS, or empty
/// @param codec the argument of `CODEC(…)`, or empty for the engine's choice
/// @param ttl SQL of when a value becomes the default, or empty for never
/// @param namings under which names parts store it, the oldest first; empty where parts of every
///   schema version store it under its own name
/// @param fill SQL of the value that rows older than the column have, or empty for the type's
///   default; set once, when the column is added, so that no later change of its default and no
///   merge changes what these rows say
public record ColumnDefinition(
    String name,
    DataType type,
    Kind kind,
    String expression,
    String codec,
    String comment,
    String ttl,
    List<Naming> namings,
    String fill) {
  /// How a column gets its values.
  public enum Kind {
    /// Inserted, else the type's default value, else the expression of DEFAULT.
    DEFAULT,
    /// Always computed at insert; not part of `SELECT *`.
    MATERIALIZED,
    /// Computed at read, never stored; not part of `SELECT *`.
    ALIAS,
    /// Inserted for other columns to be computed from, never stored.
    EPHEMERAL
  }

  /// Parts of schema version `since` and later, up to the next naming, store the column as `name`.
  public record Naming(int since, String name) {}

  public ColumnDefinition {
    namings = List.copyOf(namings);
  }

  /// A column that was there from the start.
  public ColumnDefinition(
      String name, DataType type, Kind kind, String expression, String codec, String comment) {
    this(name, type, kind, expression, codec, comment, "", List.of(), "");
  }

  public static ColumnDefinition of(String name, DataType type) {
    return new ColumnDefinition(name, type, Kind.DEFAULT, "", "", "");
  }

  public boolean isStored() {
    return switch (kind) {
      case DEFAULT, MATERIALIZED -> true;
      case ALIAS, EPHEMERAL -> false;
    };
  }

  /// Whether an INSERT may give it values.
  public boolean isInsertable() {
    return switch (kind) {
      case DEFAULT, EPHEMERAL -> true;
      case MATERIALIZED, ALIAS -> false;
    };
  }

  /// The name under which a part of this schema version stores it, or null if the part is older
  /// than the column.
  public String nameAt(int schemaVersion) {
    if (namings.isEmpty()) {
      return name;
    }
    String found = null;
    for (Naming naming : namings) {
      if (naming.since() <= schemaVersion) {
        found = naming.name();
      }
    }
    return found;
  }

  public ColumnDefinition withName(String newName) {
    return new ColumnDefinition(
        newName, type, kind, expression, codec, comment, ttl, namings, fill);
  }

  public ColumnDefinition withType(DataType newType) {
    return new ColumnDefinition(
        name, newType, kind, expression, codec, comment, ttl, namings, fill);
  }

  public ColumnDefinition withDefault(Kind newKind, String newExpression) {
    return new ColumnDefinition(
        name, type, newKind, newExpression, codec, comment, ttl, namings, fill);
  }

  public ColumnDefinition withCodec(String newCodec) {
    return new ColumnDefinition(
        name, type, kind, expression, newCodec, comment, ttl, namings, fill);
  }

  public ColumnDefinition withComment(String newComment) {
    return new ColumnDefinition(
        name, type, kind, expression, codec, newComment, ttl, namings, fill);
  }

  public ColumnDefinition withTtl(String newTtl) {
    return new ColumnDefinition(
        name, type, kind, expression, codec, comment, newTtl, namings, fill);
  }

  /// @param newNamings under which names parts store it
  /// @param newFill what rows older than the column have
  public ColumnDefinition withHistory(List<Naming> newNamings, String newFill) {
    return new ColumnDefinition(
        name, type, kind, expression, codec, comment, ttl, newNamings, newFill);
  }
}
