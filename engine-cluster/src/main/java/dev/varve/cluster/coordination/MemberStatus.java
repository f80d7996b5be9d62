// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// What a server of the ensemble says of itself.
///
/// @param address where it was asked
/// @param role LEADING, FOLLOWING, OBSERVING, STANDALONE, LOOKING where it looks for a leader, or
///   GONE where nobody answers
/// @param zxid the last transaction it applied; its upper half is the epoch
/// @param sessions connections it serves
public record MemberStatus(String address, String role, long zxid, long sessions) {
  private static final int PATIENCE_MILLIS = 1_000;

  /// The epoch of the leader that proposed its last transaction.
  public long epoch() {
    return zxid >>> 32;
  }

  /// Asks a server, not for long.
  public static MemberStatus of(String address, Optional<Encryption> encryption) {
    String answer;
    try {
      answer = ask(address, "srvr", encryption);
    } catch (IOException gone) {
      return new MemberStatus(address, "GONE", 0, 0);
    }
    Map<String, String> fields =
        answer
            .lines()
            .filter(line -> line.contains(": "))
            .collect(
                Collectors.toMap(
                    line -> line.substring(0, line.indexOf(": ")),
                    line -> line.substring(line.indexOf(": ") + 2).strip(),
                    (first, _) -> first));
    return new MemberStatus(
        address,
        role(fields.getOrDefault("Mode", "")),
        number(fields, "Zxid", Long::decode),
        number(fields, "Connections", Long::valueOf));
  }

  private static long number(
      Map<String, String> fields, String name, Function<String, Long> reading) {
    String text = fields.get(name);
    return text == null ? 0 : reading.apply(text);
  }

  private static String role(String mode) {
    return switch (mode.toLowerCase(Locale.ROOT)) {
      case "leader" -> "LEADING";
      case "follower" -> "FOLLOWING";
      case "observer" -> "OBSERVING";
      case "standalone" -> "STANDALONE";
      default -> "LOOKING";
    };
  }

  private static String ask(String address, String word, Optional<Encryption> encryption)
      throws IOException {
    int colon = address.lastIndexOf(':');
    InetSocketAddress at =
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    if (at.isUnresolved()) {
      throw new IOException("no such host: " + address);
    }
    try (Socket plain = new Socket()) {
      plain.connect(at, PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      Socket socket = encryption.isPresent() ? encrypted(plain, at, encryption.get()) : plain;
      socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Socket encrypted(Socket plain, InetSocketAddress at, Encryption by)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            by.context()
                .getSocketFactory()
                .createSocket(plain, at.getHostString(), at.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return socket;
  }
}
