// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.type.RelTypeFactory;
import java.util.List;
import java.util.Properties;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.sql.validate.SqlNameMatchers;

/// Gives the validator the leaves of one query by their keys; it sees no other catalog.
final class QueryCatalog extends CalciteCatalogReader {
  private final Relations relations;

  QueryCatalog(Relations relations, RelTypeFactory types) {
    super(
        root(relations),
        SqlNameMatchers.withCaseSensitive(true),
        List.of(List.of()),
        types,
        config());
    this.relations = relations;
  }

  // The validator walks schemas by itself, but asks what it finds there for the leaf.
  private static CalciteSchema root(Relations relations) {
    CalciteSchema root = CalciteSchema.createRootSchema(false);
    relations.leaves().forEach((key, leaf) -> root.add(key, leaf.entry()));
    return root;
  }

  private static CalciteConnectionConfig config() {
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
    return new CalciteConnectionConfigImpl(properties);
  }

  @Override
  public Prepare.PreparingTable getTable(List<String> names) {
    if (names.size() != 1) {
      return null;
    }
    ScanTable leaf = relations.leaf(names.getFirst()).orElse(null);
    if (leaf != null) {
      leaf.belongsTo(this);
    }
    return leaf;
  }
}
