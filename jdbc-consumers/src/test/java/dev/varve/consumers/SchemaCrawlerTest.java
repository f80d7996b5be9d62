// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import schemacrawler.inclusionrule.RegularExpressionInclusionRule;
import schemacrawler.schema.Catalog;
import schemacrawler.schema.Column;
import schemacrawler.schema.Table;
import schemacrawler.schemacrawler.LimitOptionsBuilder;
import schemacrawler.schemacrawler.LoadOptionsBuilder;
import schemacrawler.schemacrawler.SchemaCrawlerOptions;
import schemacrawler.schemacrawler.SchemaCrawlerOptionsBuilder;
import schemacrawler.schemacrawler.SchemaInfoLevelBuilder;
import schemacrawler.tools.utility.SchemaCrawlerUtility;
import us.fatehi.utility.datasource.DatabaseConnectionSource;
import us.fatehi.utility.datasource.DatabaseConnectionSources;

/// The whole of the metadata, at the highest level of detail.
final class SchemaCrawlerTest {
  @RegisterExtension static final VarveAtWork VARVE = new VarveAtWork();

  @Test
  void tablesColumnsKeysAndViewsAreFound() throws Exception {
    VARVE.createShop();
    VARVE.run("CREATE VIEW cheap AS SELECT id, price FROM orders WHERE price < 5");
    SchemaCrawlerOptions options =
        SchemaCrawlerOptionsBuilder.newSchemaCrawlerOptions()
            .withLimitOptions(
                LimitOptionsBuilder.builder()
                    .includeSchemas(new RegularExpressionInclusionRule(".*default.*"))
                    .toOptions())
            .withLoadOptions(
                LoadOptionsBuilder.builder()
                    .withSchemaInfoLevel(SchemaInfoLevelBuilder.maximum())
                    .toOptions());
    try (DatabaseConnectionSource source =
        DatabaseConnectionSources.fromDataSource(VARVE.dataSource())) {
      Catalog catalog = SchemaCrawlerUtility.getCatalog(source, options);
      assertThat(catalog.getTables())
          .extracting(Table::getName)
          .containsExactlyInAnyOrder("cheap", "customers", "orders");
      Table orders =
          catalog.getTables().stream().filter(t -> t.getName().equals("orders")).findFirst().get();
      assertThat(orders.getColumns())
          .extracting(Column::getName)
          .containsExactly("id", "customer", "day", "price");
      assertThat(orders.getColumns().get(3).getSize()).isEqualTo(9);
      assertThat(orders.getColumns().get(3).getDecimalDigits()).isEqualTo(2);
      assertThat(orders.getPrimaryKey().getConstrainedColumns())
          .extracting(Column::getName)
          .isEqualTo(List.of("id"));
      assertThat(catalog.getDatabaseInfo().getDatabaseProductName()).isEqualTo("Varve");
    }
  }
}
