// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.merge.access.AccessControl;
import dev.varve.merge.access.AccessState;
import dev.varve.merge.access.ScramKeys;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.DuplicateResourceException;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.UnacceptableCredentialException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.CredentialInfo;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterUserScramCredentialsRequest;
import org.apache.kafka.common.requests.AlterUserScramCredentialsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsRequest;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;

/// The credentials of users for SCRAM. A client salts the password itself, so that what it sends
/// makes keys and no hash; the user comes in by them everywhere all the same.
final class ScramHandler {
  /// Kafka's own bounds: fewer are too easily guessed, more keep the server busy.
  private static final int MIN_ITERATIONS = 4_096;

  private static final int MAX_ITERATIONS = 16_384;
  private static final int MAX_SALT_BYTES = 1_024;

  private enum Mechanism {
    SHA_256(ScramMechanism.SCRAM_SHA_256, 256),
    SHA_512(ScramMechanism.SCRAM_SHA_512, 512);

    private final ScramMechanism wire;
    private final int bits;

    Mechanism(ScramMechanism wire, int bits) {
      this.wire = wire;
      this.bits = bits;
    }

    static Mechanism of(byte type) {
      for (Mechanism mechanism : values()) {
        if (mechanism.wire.type() == type) {
          return mechanism;
        }
      }
      throw new UnsupportedSaslMechanismException("there are SCRAM-SHA-256 and SCRAM-SHA-512 here");
    }
  }

  Handler.Answer describe(Call call) {
    DescribeUserScramCredentialsRequestData asked =
        ((DescribeUserScramCredentialsRequest) call.body()).data();
    if (asked.users() == null) {
      asked.setUsers(List.of()); // Kafka's answer of an error fails on null, which means the same
    }
    AccessControl control = UserRights.managed(call);
    UserRights.requireManager(call);
    DescribeUserScramCredentialsResponseData data = new DescribeUserScramCredentialsResponseData();
    if (asked.users().isEmpty()) {
      for (String user : control.state().users().keySet()) {
        List<CredentialInfo> infos = infos(control, user);
        if (!infos.isEmpty()) {
          data.results()
              .add(
                  new DescribeUserScramCredentialsResult().setUser(user).setCredentialInfos(infos));
        }
      }
    } else {
      Set<String> seen = new HashSet<>();
      Set<String> twice = new HashSet<>();
      asked
          .users()
          .forEach(user -> {
            if (!seen.add(user.name())) {
              twice.add(user.name());
            }
          });
      for (String user : seen) {
        data.results().add(described(control, user, twice.contains(user)));
      }
    }
    return () -> new DescribeUserScramCredentialsResponse(data);
  }

  private static DescribeUserScramCredentialsResult described(
      AccessControl control, String user, boolean twice) {
    DescribeUserScramCredentialsResult result =
        new DescribeUserScramCredentialsResult().setUser(user);
    if (twice) {
      return result
          .setErrorCode(Errors.DUPLICATE_RESOURCE.code())
          .setErrorMessage("user \"" + user + "\" is named twice");
    }
    List<CredentialInfo> infos = infos(control, user);
    return infos.isEmpty()
        ? result
            .setErrorCode(Errors.RESOURCE_NOT_FOUND.code())
            .setErrorMessage("there are no credentials of a user \"" + user + "\"")
        : result.setCredentialInfos(infos);
  }

  private static List<CredentialInfo> infos(AccessControl control, String user) {
    List<CredentialInfo> infos = new ArrayList<>();
    for (Mechanism mechanism : Mechanism.values()) {
      control
          .scram(user, mechanism.bits)
          .ifPresent(keys ->
              infos.add(
                  new CredentialInfo()
                      .setMechanism(mechanism.wire.type())
                      .setIterations(keys.iterations())));
    }
    return infos;
  }

  /// All changes of a user are made, or none.
  Handler.Answer alter(Call call) {
    AccessControl control = UserRights.managed(call);
    UserRights.requireManager(call);
    AlterUserScramCredentialsRequestData asked =
        ((AlterUserScramCredentialsRequest) call.body()).data();
    Map<String, List<ScramCredentialDeletion>> deletions = new TreeMap<>();
    Map<String, List<ScramCredentialUpsertion>> upsertions = new TreeMap<>();
    for (ScramCredentialDeletion deletion : asked.deletions()) {
      deletions.computeIfAbsent(deletion.name(), _ -> new ArrayList<>()).add(deletion);
      upsertions.computeIfAbsent(deletion.name(), _ -> new ArrayList<>());
    }
    for (ScramCredentialUpsertion upsertion : asked.upsertions()) {
      upsertions.computeIfAbsent(upsertion.name(), _ -> new ArrayList<>()).add(upsertion);
    }
    AlterUserScramCredentialsResponseData data = new AlterUserScramCredentialsResponseData();
    upsertions.forEach((user, put) -> {
      ApiError error = altered(control, user, put, deletions.getOrDefault(user, List.of()));
      data.results()
          .add(
              new AlterUserScramCredentialsResult()
                  .setUser(user)
                  .setErrorCode(error.error().code())
                  .setErrorMessage(error.message()));
    });
    return () -> new AlterUserScramCredentialsResponse(data);
  }

  private static ApiError altered(
      AccessControl control,
      String user,
      List<ScramCredentialUpsertion> upsertions,
      List<ScramCredentialDeletion> deletions) {
    try {
      if (user.isEmpty() || control.state().roles().contains(user)) {
        throw new UnacceptableCredentialException(
            user.isEmpty() ? "a user has a name" : "\"" + user + "\" is a role");
      }
      control.change(before -> {
        AccessState next = before;
        Set<Mechanism> changed = new HashSet<>();
        for (ScramCredentialDeletion deletion : deletions) {
          Mechanism mechanism = once(changed, deletion.mechanism(), user);
          if (control.scram(user, mechanism.bits).isEmpty()) {
            throw new ResourceNotFoundException(
                "user \"" + user + "\" has no credential for " + mechanism.wire.mechanismName());
          }
          next = next.withoutKeys(user, mechanism.bits);
        }
        for (ScramCredentialUpsertion upsertion : upsertions) {
          Mechanism mechanism = once(changed, upsertion.mechanism(), user);
          next = next.withKeys(user, mechanism.bits, keys(mechanism, upsertion));
        }
        return next;
      });
      return ApiError.NONE;
    } catch (ApiException e) {
      return ApiError.fromThrowable(e);
    } catch (VarveException e) {
      return new ApiError(Errors.UNKNOWN_SERVER_ERROR, e.getMessage()); // the change is not kept
    }
  }

  private static Mechanism once(Set<Mechanism> changed, byte type, String user) {
    Mechanism mechanism = Mechanism.of(type);
    if (!changed.add(mechanism)) {
      throw new DuplicateResourceException(
          "a credential of user \"" + user + "\" is changed twice in one request");
    }
    return mechanism;
  }

  private static ScramKeys keys(Mechanism mechanism, ScramCredentialUpsertion given) {
    if (given.iterations() < MIN_ITERATIONS || given.iterations() > MAX_ITERATIONS) {
      throw new UnacceptableCredentialException(
          "between "
              + MIN_ITERATIONS
              + " and "
              + MAX_ITERATIONS
              + " iterations, found "
              + given.iterations());
    }
    if (given.salt().length == 0
        || given.salt().length > MAX_SALT_BYTES
        || given.saltedPassword().length != mechanism.bits / Byte.SIZE) {
      throw new UnacceptableCredentialException(
          "a salt and a salted password of " + mechanism.bits / Byte.SIZE + " bytes");
    }
    return AccessControl.keys(
        mechanism.bits, given.salt(), given.iterations(), given.saltedPassword());
  }
}
