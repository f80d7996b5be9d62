// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.plain.PlainAuthenticateCallback;
import org.apache.kafka.common.security.plain.internals.PlainSaslServer;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramSaslServer;

/// A connection's way to a user: the mechanism first, then its messages. One thread.
final class SaslLogin {
  static final List<String> MECHANISMS = List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

  private final Authenticator users;
  private SaslServer server;
  private String user;

  SaslLogin(Authenticator users) {
    this.users = users;
  }

  /// Chooses the mechanism. False if there is none of this name.
  boolean choose(String mechanism) {
    if (!MECHANISMS.contains(mechanism)) {
      return false;
    }
    try {
      server =
          ScramMechanism.isScram(mechanism)
              ? new ScramSaslServer(
                  ScramMechanism.forMechanismName(mechanism),
                  Map.of(),
                  callbacks -> answerScram(mechanism, callbacks))
              : new PlainSaslServer(this::answerPlain);
      return true;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has the hashes of " + mechanism, e);
    }
  }

  /// Takes a message of the client and returns the answer to it.
  ///
  /// @throws SaslAuthenticationException if the client is not who it says
  byte[] answer(byte[] message) {
    if (server == null || user != null) {
      throw new SaslAuthenticationException("a mechanism must be chosen first, once");
    }
    try {
      byte[] answer = server.evaluateResponse(message);
      if (server.isComplete()) {
        user = server.getAuthorizationID();
      }
      return answer;
    } catch (SaslException e) {
      server = null;
      throw new SaslAuthenticationException("user or password is wrong", e);
    } catch (SaslAuthenticationException e) {
      server = null;
      throw e;
    }
  }

  /// The user, once it is known.
  Optional<String> user() {
    return Optional.ofNullable(user);
  }

  private void answerPlain(Callback[] callbacks) throws UnsupportedCallbackException {
    String name = name(callbacks);
    for (Callback callback : callbacks) {
      if (callback instanceof PlainAuthenticateCallback asked) {
        asked.authenticated(users.accepts(name, new String(asked.password())));
      } else if (!(callback instanceof NameCallback)) {
        throw new UnsupportedCallbackException(callback);
      }
    }
  }

  private void answerScram(String mechanism, Callback[] callbacks)
      throws UnsupportedCallbackException {
    String name = name(callbacks);
    for (Callback callback : callbacks) {
      if (callback instanceof ScramCredentialCallback asked) {
        users
            .scram(mechanism, name)
            .ifPresent(secret ->
                asked.scramCredential(
                    new ScramCredential(
                        secret.salt(),
                        secret.storedKey(),
                        secret.serverKey(),
                        secret.iterations())));
      } else if (!(callback instanceof NameCallback)) {
        throw new UnsupportedCallbackException(callback);
      }
    }
  }

  private static String name(Callback[] callbacks) {
    return Arrays.stream(callbacks)
        .filter(NameCallback.class::isInstance)
        .map(callback -> ((NameCallback) callback).getDefaultName())
        .findFirst()
        .orElse("");
  }
}
