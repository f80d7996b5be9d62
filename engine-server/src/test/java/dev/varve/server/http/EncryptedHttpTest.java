// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.server.config.ServerConfig;
import dev.varve.server.config.TlsConfig;
import dev.varve.server.node.VarveServer;
import dev.varve.server.tls.CertificateFiles;
import dev.varve.test.SelfSigned;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// HTTP and the driver by TLS, against a server that speaks nothing else.
final class EncryptedHttpTest {
  @TempDir static Path directory;
  private static SelfSigned certificate;
  private static VarveServer server;

  @BeforeAll
  static void start() throws Exception {
    certificate = SelfSigned.in(directory);
    server = VarveServer.open(config("data", true));
  }

  private static ServerConfig config(String data, boolean only) throws Exception {
    Path password = Files.writeString(directory.resolve("password"), certificate.password());
    CertificateFiles files =
        new CertificateFiles.Keystore(certificate.keystore(), Optional.of(password));
    return ServerConfig.onFreePorts(directory.resolve(data))
        .withTls(new TlsConfig(files, 0, 0, only));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String url(String trust) {
    return "jdbc:varve://localhost:" + server.httpsPort() + "/default?ssl=true" + trust;
  }

  private static long answer(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT sum(number) FROM numbers(100000)")) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  @Test
  void aClientThatTrustsTheCertificateIsServed() throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(certificate.context()).build();
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("https://localhost:" + server.httpsPort() + "/"))
                .POST(HttpRequest.BodyPublishers.ofString("SELECT 1"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).isEqualTo("1\n");
  }

  @Test
  void theDriverTrustsWhatItIsTold() throws Exception {
    assertThat(answer(url("&sslRootCert=" + certificate.certificateFile()))).isEqualTo(4999950000L);
    Path store = certificate.keystore();
    assertThat(answer(url("&trustStore=" + store + "&trustStorePassword=sesame")))
        .isEqualTo(4999950000L);
  }

  @Test
  void theDriverRefusesACertificateThatNobodyItTrustsHasSigned() throws Exception {
    assertThatThrownBy(() -> answer(url("")))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("TLS")
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("08001");
    SelfSigned other = SelfSigned.in(directory.resolve("other"));
    assertThatThrownBy(() -> answer(url("&sslRootCert=" + other.certificateFile())))
        .isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> answer(url("&sslRootCert=" + directory.resolve("absent.crt"))))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("absent.crt");
  }

  @Test
  void nothingIsServedWithoutEncryption() throws Exception {
    assertThat(server.httpPort()).isEqualTo(-1);
    assertThat(server.readyLine()).contains(" https=", " kafka-tls=").doesNotContain(" http=");
    try (Socket plain = new Socket("127.0.0.1", server.httpsPort())) {
      plain.setSoTimeout(30_000);
      plain
          .getOutputStream()
          .write("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = plain.getInputStream();
      byte[] said = in.readAllBytes();
      assertThat(new String(said, StandardCharsets.ISO_8859_1)).doesNotContain("200", "Ok.");
    }
    String plainUrl = "jdbc:varve://localhost:" + server.httpsPort() + "/default";
    assertThatThrownBy(() -> answer(plainUrl)).isInstanceOf(SQLException.class);
  }

  @Test
  void withACertificateAlonePlainPortsStay() throws Exception {
    try (VarveServer both = VarveServer.open(config("both", false))) {
      assertThat(answer("jdbc:varve://localhost:" + both.httpPort() + "/default"))
          .isEqualTo(4999950000L);
      assertThat(both.readyLine()).contains(" http=", " kafka=", " https=", " kafka-tls=");
    }
  }
}
