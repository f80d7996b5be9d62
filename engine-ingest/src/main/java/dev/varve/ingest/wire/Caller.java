// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.merge.access.Access;
import dev.varve.merge.access.AccessControl;
import java.net.InetAddress;
import java.util.Optional;
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
  private final Authenticator users;
  private final boolean isEncrypted;
  private final boolean isServer;

  /// @param id of the connection
  /// @param address where the client is
  public Caller(String id, InetAddress address) {
    this(id, address, null, false);
  }

  /// @param users whom the client must be one of; null lets everybody in
  /// @param isEncrypted whether it came by the port that encrypts
  public Caller(String id, InetAddress address, Authenticator users, boolean isEncrypted) {
    this.id = id;
    this.address = address;
    this.users = users;
    this.login = users == null ? null : new SaslLogin(users);
    this.isEncrypted = isEncrypted;
    this.isServer = false;
  }

  private Caller(InetAddress address) {
    this.id = "replica";
    this.address = address;
    this.users = null;
    this.login = null;
    this.isEncrypted = false;
    this.isServer = true;
  }

  /// Another server of the cluster, which showed that it is one.
  public static Caller server() {
    return new Caller(InetAddress.getLoopbackAddress());
  }

  /// Whether it is another server of the cluster.
  boolean isServer() {
    return isServer;
  }

  /// Whether requests may be answered that are not about who the client is.
  boolean isKnown() {
    return users == null || login.user().isPresent() || !users.asks();
  }

  /// What the client may do now; everything where nobody is asked who it is.
  Access access() {
    return users == null ? Access.EVERYTHING : users.access(login.user().orElse(""));
  }

  /// The users of the server, where there can be any.
  Optional<AccessControl> managed() {
    return users == null ? Optional.empty() : users.managed();
  }

  /// Whether it came by the port that encrypts; that is the one it is told to connect to.
  boolean isEncrypted() {
    return isEncrypted;
  }

  /// Who it is, as quotas name it.
  String user() {
    return principal().getName();
  }

  SaslLogin login() {
    return login;
  }

  private KafkaPrincipal principal() {
    return login == null || login.user().isEmpty()
        ? KafkaPrincipal.ANONYMOUS
        : new KafkaPrincipal(KafkaPrincipal.USER_TYPE, login.user().get());
  }

  private SecurityProtocol security() {
    if (isEncrypted) {
      return login == null ? SecurityProtocol.SSL : SecurityProtocol.SASL_SSL;
    }
    return login == null ? SecurityProtocol.PLAINTEXT : SecurityProtocol.SASL_PLAINTEXT;
  }

  /// The request's sender as Kafka's own classes want it.
  RequestContext context(RequestHeader header) {
    return new RequestContext(
        header, id, address, principal(), LISTENER, security(), ClientInformation.EMPTY, false);
  }
}
