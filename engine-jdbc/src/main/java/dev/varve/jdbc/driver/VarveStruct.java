// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.SqlType;
import java.sql.Struct;
import java.util.List;
import java.util.Map;

/// A Tuple. Attributes are what `getObject` would give for a column of their type.
final class VarveStruct implements Struct {
  private final SqlType type;
  private final List<?> fields;

  VarveStruct(SqlType type, List<?> fields) {
    this.type = type;
    this.fields = fields;
  }

  @Override
  public String getSQLTypeName() {
    return type.name();
  }

  @Override
  public Object[] getAttributes() {
    Object[] attributes = new Object[fields.size()];
    for (int i = 0; i < attributes.length; i++) {
      attributes[i] = Conversions.toJdbc(fields.get(i), type.children().get(i));
    }
    return attributes;
  }

  @Override
  public Object[] getAttributes(Map<String, Class<?>> map) {
    return getAttributes();
  }

  @Override
  public String toString() {
    return Literals.nested(fields, type);
  }
}
