// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.server.config.ServerConfig;
import dev.varve.server.config.TlsConfig;
import dev.varve.server.node.VarveServer;
import dev.varve.server.tls.CertificateFiles;
import dev.varve.test.SelfSigned;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Optional;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users and their rights over Flight SQL, by TLS.
final class FlightAccessTest {
  @TempDir static Path directory;
  private static VarveServer server;
  private static BufferAllocator memory;
  private static FlightClient flight;
  private static FlightSqlClient client;

  @BeforeAll
  static void start() throws Exception {
    SelfSigned certificate = SelfSigned.in(directory);
    Path password = Files.writeString(directory.resolve("password"), certificate.password());
    CertificateFiles files =
        new CertificateFiles.Keystore(certificate.keystore(), Optional.of(password));
    server =
        VarveServer.open(
            ServerConfig.onFreePorts(directory.resolve("data"))
                .withTls(new TlsConfig(files, 0, 0, true))
                .withFlight(0));
    memory = new RootAllocator();
    Path pem = Files.writeString(directory.resolve("ca.pem"), pem(certificate));
    try (InputStream trusted = Files.newInputStream(pem)) {
      flight =
          FlightClient.builder(memory, Location.forGrpcTls("localhost", server.flightPort()))
              .trustedCertificates(trusted)
              .build();
    }
    client = new FlightSqlClient(flight);
    client.executeUpdate("CREATE TABLE open (id Int64) ORDER BY id");
    client.executeUpdate("CREATE TABLE secret (id Int64) ORDER BY id");
    client.executeUpdate("CREATE USER admin IDENTIFIED BY 'sesame'");
    CallOption admin = login("admin", "sesame");
    client.executeUpdate("CREATE USER ann IDENTIFIED BY 'open'", admin);
    client.executeUpdate("GRANT SELECT ON default.open TO ann", admin);
    client.executeUpdate("CREATE TABLE docs (id Int64, owner String) ORDER BY id", admin);
    client.executeUpdate("INSERT INTO docs VALUES (1, 'ann'), (2, 'admin')", admin);
    client.executeUpdate("GRANT SELECT ON default.docs TO ann", admin);
    client.executeUpdate("CREATE ROW POLICY own ON docs USING owner = currentUser() TO ann", admin);
    client.executeUpdate("CREATE USER busy IDENTIFIED BY 'open'", admin);
    client.executeUpdate("CREATE QUOTA few FOR INTERVAL 1 DAY MAX queries = 1 TO busy", admin);
  }

  private static String pem(SelfSigned certificate) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(certificate.keystore())) {
      keys.load(in, certificate.password().toCharArray());
    }
    Certificate own = keys.getCertificate("server");
    byte[] lines = Base64.getMimeEncoder().encode(own.getEncoded());
    return "-----BEGIN CERTIFICATE-----\n"
        + new String(lines, StandardCharsets.US_ASCII)
        + "\n-----END CERTIFICATE-----\n";
  }

  private static CredentialCallOption login(String user, String password) {
    return flight.authenticateBasicToken(user, password).orElseThrow();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    memory.close();
    server.close();
  }

  private static void read(String table, CallOption... options) throws Exception {
    var info = client.execute("SELECT count() FROM " + table, options);
    var ticket = info.getEndpoints().getFirst().getTicket();
    try (FlightStream stream = client.getStream(ticket, options)) {
      assertThat(stream.next()).isTrue();
    }
  }

  private static void refused(ThrowingCallable call, FlightStatusCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FlightRuntimeException.class, e -> assertThat(e.status().code()).isEqualTo(code));
  }

  @Test
  void aTokenLetsAUserDoWhatIsGranted() throws Exception {
    CallOption ann = login("ann", "open");
    read("open", ann);
    refused(() -> read("secret", ann), FlightStatusCode.UNAUTHORIZED);
    refused(() -> client.executeUpdate("DROP TABLE open", ann), FlightStatusCode.UNAUTHORIZED);
  }

  @Test
  void wrongPasswordsAndNoneAreRefused() {
    refused(() -> login("ann", "sesame"), FlightStatusCode.UNAUTHENTICATED);
    refused(() -> login("nobody", ""), FlightStatusCode.UNAUTHENTICATED);
    refused(() -> read("open"), FlightStatusCode.UNAUTHENTICATED);
  }

  @Test
  void aPreparedStatementIsItsUsersAlone() throws Exception {
    CallOption ann = login("ann", "open");
    CallOption admin = login("admin", "sesame");
    FlightSqlClient.PreparedStatement statement =
        client.prepare("SELECT count() FROM secret", admin);
    refused(() -> statement.execute(ann), FlightStatusCode.INVALID_ARGUMENT);
    assertThat(statement.execute(admin).getEndpoints()).hasSize(1);
    statement.close(admin);
  }

  @Test
  void rowPoliciesHold() throws Exception {
    CallOption ann = login("ann", "open");
    var info = client.execute("SELECT toInt64(sum(id)) AS s FROM docs WHERE 1 OR id = 2", ann);
    try (FlightStream stream = client.getStream(info.getEndpoints().getFirst().getTicket(), ann)) {
      assertThat(stream.next()).isTrue();
      assertThat(stream.getRoot().getVector("s").getObject(0)).isEqualTo(1L);
    }
  }

  @Test
  void quotasAreHeld() {
    CallOption busy = login("busy", "open");
    assertThat(client.executeUpdate("SET max_threads = 1", busy)).isZero();
    assertThatThrownBy(() -> client.executeUpdate("SET max_threads = 1", busy))
        .isInstanceOf(FlightRuntimeException.class)
        .hasMessageContaining("queries = 1");
  }

  @Test
  void valuesOfParametersAreNeverSql() throws Exception {
    CallOption admin = login("admin", "sesame");
    try (FlightSqlClient.PreparedStatement statement =
            client.prepare("SELECT id FROM docs WHERE owner = ?", admin);
        VectorSchemaRoot values = VectorSchemaRoot.create(statement.getParameterSchema(), memory)) {
      ((VarCharVector) values.getVector(0))
          .setSafe(0, "x' OR 1 = 1 --".getBytes(StandardCharsets.UTF_8));
      values.setRowCount(1);
      statement.setParameters(values);
      var ticket = statement.execute(admin).getEndpoints().getFirst().getTicket();
      try (FlightStream stream = client.getStream(ticket, admin)) {
        while (stream.next()) {
          assertThat(stream.getRoot().getRowCount()).isZero();
        }
      }
      statement.close(admin);
    }
  }

  @Test
  void withoutTlsNothingIsSaid() throws Exception {
    Location plain = Location.forGrpcInsecure("localhost", server.flightPort());
    try (FlightSqlClient other = new FlightSqlClient(FlightClient.builder(memory, plain).build())) {
      refused(() -> other.execute("SELECT 1"), FlightStatusCode.UNAVAILABLE);
    }
  }
}
