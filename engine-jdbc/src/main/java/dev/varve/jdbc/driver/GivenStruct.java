// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.sql.Struct;
import java.util.List;
import java.util.Map;

/// A Tuple that a program made to send it.
record GivenStruct(String typeName, List<Object> attributes) implements Struct {
  @Override
  public String getSQLTypeName() {
    return typeName;
  }

  @Override
  public Object[] getAttributes() {
    return attributes.toArray();
  }

  @Override
  public Object[] getAttributes(Map<String, Class<?>> map) {
    return getAttributes();
  }
}
