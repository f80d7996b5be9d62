// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.net.InetAddress;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/// Who is at the other end of a connection. One for each connection; the thread that reads its
/// requests uses it.
public final class Caller {
  private static final ListenerName LISTENER = new ListenerName("CLIENTS");

  private final String id;
  private final InetAddress address;
  private final SaslLogin login;

  /// @param id of the connection
  /// @param address where the client is
  public Caller(String id, InetAddress address) {
    this(id, address, null);
  }

  /// @param users whom the client must be one of; null lets everybody in
  public Caller(String id, InetAddress address, Authenticator users) {
    this.id = id;
    this.address = address;
    this.login = users == null ? null : new SaslLogin(users);
  }

  /// Whether requests may be answered that are not about who the client is.
  boolean isKnown() {
    return login == null || login.user().isPresent();
  }

  SaslLogin login() {
    return login;
  }

  private KafkaPrincipal principal() {
    return login == null || login.user().isEmpty()
        ? KafkaPrincipal.ANONYMOUS
        : new KafkaPrincipal(KafkaPrincipal.USER_TYPE, login.user().get());
  }

  /// The request's sender as Kafka's own classes want it.
  RequestContext context(RequestHeader header) {
    return new RequestContext(
        header,
        id,
        address,
        principal(),
        LISTENER,
        login == null ? SecurityProtocol.PLAINTEXT : SecurityProtocol.SASL_PLAINTEXT,
        ClientInformation.EMPTY,
        false);
  }
}
