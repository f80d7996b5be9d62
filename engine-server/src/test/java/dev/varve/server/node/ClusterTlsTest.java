// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.cluster.coordination.Encryption;
import dev.varve.cluster.coordination.Member;
import dev.varve.cluster.coordination.MemberStatus;
import dev.varve.test.SelfSigned;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three servers that talk to each other by TLS alone.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ClusterTlsTest {
  @TempDir Path directory;

  @Test
  void serversEncryptWhatTheySayToEachOther() throws Exception {
    SelfSigned own = SelfSigned.in(directory.resolve("own"));
    Path password = Files.writeString(directory.resolve("password"), own.password());
    Path authorities = own.certificateFile();
    ClusterProcesses.Host host =
        new ClusterProcesses.Host(
            List.of(),
            "127.0.0.1",
            "127.0.0.1",
            List.of(
                "--tls-keystore",
                own.keystore().toString(),
                "--tls-password-file",
                password.toString(),
                "--https-port",
                "0",
                "--kafka-tls-port",
                "0",
                "--cluster-ca",
                authorities.toString()));
    try (ClusterProcesses servers =
        ClusterProcesses.start(
            directory, Collections.nCopies(ClusterProcesses.SERVERS, host), "")) {
      servers.untilDone(0, "CREATE TABLE t (k Int64) ENGINE = MergeTree ORDER BY k");
      for (int i = 0; i < ClusterProcesses.SERVERS; i++) {
        // Two of the three pass the statement on to the primary.
        assertThat(servers.send(i, "INSERT INTO t VALUES (" + i + ")").body()).isEmpty();
      }
      for (int i = 0; i < ClusterProcesses.SERVERS; i++) {
        String sum = "SELECT sum(k), count() FROM t SETTINGS read_consistency = 'linearizable'";
        assertThat(servers.send(i, sum).body()).isEqualTo("3\t3\n");
      }
      String roles = "SELECT arraySort(groupArray(role)) FROM system.cluster";
      servers.awaitEqual(0, roles, "['FOLLOWING','FOLLOWING','LEADING']");

      List<Member> members = Member.list(servers.members());
      Path identity = directory.resolve("server0").resolve("cluster-identity.pem");
      assertThat(Files.getPosixFilePermissions(identity)).hasSize(2);
      assertThat(role(members.getFirst(), Optional.of(encryption(identity, authorities, own))))
          .isIn("LEADING", "FOLLOWING");
      assertThat(role(members.getFirst(), Optional.empty())).as("in plain").isEqualTo("GONE");
      SelfSigned stranger = SelfSigned.in(directory.resolve("stranger"));
      assertThat(role(members.getFirst(), Optional.of(encryption(identity, authorities, stranger))))
          .as("of another authority")
          .isEqualTo("GONE");
      for (Member member : members) {
        assertThat(answer(own, member.clientPort())).as("a session of a nobody").isEmpty();
        assertThat(answer(own, member.electionPort())).as("a vote of a nobody").isEmpty();
      }
    }
  }

  private static Encryption encryption(Path identity, Path authorities, SelfSigned shown)
      throws Exception {
    return new Encryption(identity, authorities, shown.context());
  }

  private static String role(Member member, Optional<Encryption> encryption) {
    return MemberStatus.of("127.0.0.1:" + member.clientPort(), encryption).role();
  }

  /// What comes back to a client that trusts the server and shows no certificate of its own.
  private static String answer(SelfSigned trusted, int port) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("server", trusted.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), new SecureRandom());
    try (Socket plain = new Socket("127.0.0.1", port);
        SSLSocket socket =
            (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException refused) {
      return "";
    }
  }
}
