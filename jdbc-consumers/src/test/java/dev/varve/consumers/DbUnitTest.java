// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import org.dbunit.Assertion;
import org.dbunit.database.DatabaseConnection;
import org.dbunit.database.IDatabaseConnection;
import org.dbunit.dataset.IDataSet;
import org.dbunit.dataset.ITable;
import org.dbunit.dataset.xml.FlatXmlDataSet;
import org.dbunit.dataset.xml.FlatXmlDataSetBuilder;
import org.dbunit.operation.DatabaseOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Fixtures of test suites: a data set is put in, changed, compared and taken out.
final class DbUnitTest {
  @RegisterExtension static final VarveAtWork VARVE = new VarveAtWork();

  private static final String BEFORE =
      """
      <dataset>
        <people id="1" name="Ada" born="1970-12-10" score="1.5"/>
        <people id="2" name="Bob" score="2.5"/>
      </dataset>
      """;

  private static final String CHANGED =
      """
      <dataset>
        <people id="2" name="Bert" born="1999-01-01" score="3.5"/>
      </dataset>
      """;

  private static IDataSet dataSet(String xml) throws Exception {
    return new FlatXmlDataSetBuilder().setColumnSensing(true).build(new StringReader(xml));
  }

  @Test
  void aDataSetIsLoadedChangedComparedAndExported() throws Exception {
    VARVE.run(
        "CREATE TABLE people (id UInt32, name String, born Nullable(Date), score Float64)"
            + " ENGINE = ReplacingMergeTree ORDER BY id");
    try (Connection connection = VARVE.dataSource().getConnection()) {
      IDatabaseConnection unit = new DatabaseConnection(connection, "default");
      DatabaseOperation.CLEAN_INSERT.execute(unit, dataSet(BEFORE));
      assertThat(unit.getRowCount("people")).isEqualTo(2);
      ITable expected = dataSet(BEFORE).getTable("people");
      ITable found = unit.createQueryTable("people", "SELECT * FROM people ORDER BY id");
      Assertion.assertEquals(expected, found);
      assertThat(found.getTableMetaData().getColumns()).hasSize(4);
      DatabaseOperation.UPDATE.execute(unit, dataSet(CHANGED));
      StringWriter written = new StringWriter();
      FlatXmlDataSet.write(unit.createDataSet(new String[] {"people"}), written);
      assertThat(written.toString()).contains("name=\"Bert\"").contains("born=\"1999-01-01\"");
      DatabaseOperation.DELETE_ALL.execute(unit, dataSet(BEFORE));
      assertThat(unit.getRowCount("people")).isZero();
    }
  }
}
