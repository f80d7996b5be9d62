// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.JsonTree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads a schema from its JSON form. A record that contains itself is refused: no column could
/// hold it.
final class AvroSchemaParser {
  private final Map<String, AvroSchema> named = new HashMap<>();

  private AvroSchemaParser() {}

  /// @throws VarveException BAD_ARGUMENTS with what is wrong; the schema must be a record
  static AvroSchema.Struct parse(String json) {
    Object tree;
    try {
      tree = JsonTree.parse(json);
    } catch (VarveException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "avro_schema is no JSON document: " + e.getMessage(), e);
    }
    if (new AvroSchemaParser().schema(tree, "") instanceof AvroSchema.Struct struct) {
      return struct;
    }
    throw invalid("the schema must be a record, whose fields are the columns");
  }

  private AvroSchema schema(Object tree, String namespace) {
    return switch (tree) {
      case String name -> byName(name, namespace);
      case List<?> branches -> {
        List<AvroSchema> schemas = new ArrayList<>();
        branches.forEach(branch -> schemas.add(schema(branch, namespace)));
        yield new AvroSchema.Union(List.copyOf(schemas));
      }
      case Map<?, ?> object -> complex(object, namespace);
      case null, default -> throw invalid("expected a type, found " + tree);
    };
  }

  private AvroSchema byName(String name, String namespace) {
    AvroSchema.Kind kind = kind(name);
    if (kind != null) {
      return new AvroSchema.Primitive(kind, "", 0);
    }
    AvroSchema known = named.get(fullName(name, namespace));
    known = known == null ? named.get(name) : known;
    if (known == null) {
      throw invalid("\"" + name + "\" is no type that was defined before, nor one around it");
    }
    return known;
  }

  private static AvroSchema.Kind kind(String name) {
    for (AvroSchema.Kind kind : AvroSchema.Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
        return kind;
      }
    }
    return null;
  }

  private AvroSchema complex(Map<?, ?> object, String namespace) {
    if (!(object.get("type") instanceof String type)) {
      return schema(object.get("type"), namespace);
    }
    String logical = object.get("logicalType") instanceof String text ? text : "";
    return switch (type) {
      case "record", "error" -> struct(object, namespace);
      case "enum" -> {
        String name = name(object, namespace);
        List<String> symbols = new ArrayList<>();
        list(object, "symbols").forEach(symbol -> symbols.add(String.valueOf(symbol)));
        yield define(name, new AvroSchema.Enumeration(name, List.copyOf(symbols)));
      }
      case "fixed" -> {
        String name = name(object, namespace);
        int size = number(object, "size", -1);
        if (size < 0) {
          throw invalid("fixed " + name + " needs a size");
        }
        yield define(name, new AvroSchema.Fixed(name, size, logical, number(object, "scale", 0)));
      }
      case "array" -> new AvroSchema.ListOf(schema(object.get("items"), namespace));
      case "map" -> new AvroSchema.MapOf(schema(object.get("values"), namespace));
      default -> {
        AvroSchema.Kind kind = kind(type);
        yield kind == null
            ? byName(type, namespace)
            : new AvroSchema.Primitive(kind, logical, number(object, "scale", 0));
      }
    };
  }

  private AvroSchema struct(Map<?, ?> object, String namespace) {
    String name = name(object, namespace);
    int dot = name.lastIndexOf('.');
    String inside = dot < 0 ? "" : name.substring(0, dot);
    List<AvroSchema.Field> fields = new ArrayList<>();
    for (Object field : list(object, "fields")) {
      if (!(field instanceof Map<?, ?> described) || !(described.get("name") instanceof String n)) {
        throw invalid("a field of record " + name + " has no name");
      }
      fields.add(new AvroSchema.Field(n, schema(described.get("type"), inside)));
    }
    return define(name, new AvroSchema.Struct(name, List.copyOf(fields)));
  }

  private AvroSchema define(String name, AvroSchema schema) {
    named.put(name, schema);
    return schema;
  }

  private static String name(Map<?, ?> object, String namespace) {
    if (!(object.get("name") instanceof String name)) {
      throw invalid("a " + object.get("type") + " needs a name");
    }
    return fullName(name, object.get("namespace") instanceof String own ? own : namespace);
  }

  private static String fullName(String name, String namespace) {
    return name.contains(".") || namespace.isEmpty() ? name : namespace + "." + name;
  }

  private static List<?> list(Map<?, ?> object, String field) {
    if (object.get(field) instanceof List<?> list) {
      return list;
    }
    throw invalid("a " + object.get("type") + " needs a list of " + field);
  }

  private static int number(Map<?, ?> object, String field, int fallback) {
    return object.get(field) instanceof BigDecimal number ? number.intValue() : fallback;
  }

  private static VarveException invalid(String message) {
    return new VarveException(ErrorCode.BAD_ARGUMENTS, "avro_schema: " + message);
  }
}
