// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import net.sf.jasperreports.engine.JasperCompileManager;
import net.sf.jasperreports.engine.JasperExportManager;
import net.sf.jasperreports.engine.JasperFillManager;
import net.sf.jasperreports.engine.JasperPrint;
import net.sf.jasperreports.engine.JasperPrintManager;
import net.sf.jasperreports.engine.JasperReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A report with a table, totals and a chart, from the query in it to the PDF. The PDF and its page
/// as a picture stay in `target`, to be looked at.
final class JasperReportsTest {
  @RegisterExtension static final VarveAtWork VARVE = new VarveAtWork();

  @Test
  void aReportWithAChartIsFilledAndPrinted() throws Exception {
    VARVE.run(
        "CREATE TABLE sales (id UInt32, region LowCardinality(String), day Date,"
            + " price Decimal(9, 2)) ENGINE = ReplacingMergeTree ORDER BY id",
        "INSERT INTO sales SELECT number, ['North', 'East', 'South', 'West'][number % 4 + 1],"
            + " toDate('2026-01-01') + number % 90, (number % 100) * (number % 4 + 1) + 0.5"
            + " FROM numbers(1000)",
        "INSERT INTO sales VALUES (0, 'North', '2026-01-01', 1000.25)");
    JasperReport report;
    try (InputStream source = JasperReportsTest.class.getResourceAsStream("sales.jrxml")) {
      report = JasperCompileManager.compileReport(source);
    }
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("LEAST", 10);
    JasperPrint print;
    try (Connection connection = VARVE.dataSource().getConnection()) {
      print = JasperFillManager.fillReport(report, parameters, connection);
    }
    assertThat(print.getPages()).hasSize(1);
    Path target = Files.createDirectories(Path.of("target"));
    byte[] pdf = JasperExportManager.exportReportToPdf(print);
    Files.write(target.resolve("sales.pdf"), pdf);
    assertThat(new String(pdf, 0, 5, StandardCharsets.ISO_8859_1)).isEqualTo("%PDF-");
    BufferedImage page = (BufferedImage) JasperPrintManager.printPageToImage(print, 0, 1.5f);
    ImageIO.write(page, "png", target.resolve("sales.png").toFile());
    assertThat(colors(page)).as("colours of the bars").hasSizeGreaterThan(20);
  }

  private static Set<Integer> colors(BufferedImage image) {
    Set<Integer> colors = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colors.add(image.getRGB(x, y));
      }
    }
    return colors;
  }
}
