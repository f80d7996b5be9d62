// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.quota;

import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.file.StateFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/// The quotas of users and client ids. Safe for threads.
///
/// The file `quotas` beside the topics:
///
/// | field    | meaning                                                              |
/// |----------|----------------------------------------------------------------------|
/// | magic    | `VQUO`, four bytes                                                   |
/// | version  | 1, an int                                                            |
/// | entities | list of: list of entity types (text) with a flag whether a name follows and the name (text), none is the default; list of limits: key (text), the bits of a double (long) |
/// | checksum | CRC32C of everything before it, an int                               |
public final class ClientQuotas {
  private static final int VERSION = 1;

  /// How much of something a client may use in a second.
  public enum Limit {
    PRODUCED("producer_byte_rate"),
    CONSUMED("consumer_byte_rate"),
    /// Time of a thread, in percent.
    REQUESTS("request_percentage");

    private final String key;

    Limit(String key) {
      this.key = key;
    }

    /// As clients name it.
    public String key() {
      return key;
    }
  }

  /// A limit that holds for a client, and with whom it is shared: all that have the same entity.
  ///
  /// @param shared users and client ids by their names, never a default
  public record InForce(ClientQuotaEntity shared, double perSecond) {}

  private final StateFile file;
  private volatile Map<ClientQuotaEntity, Map<String, Double>> quotas;

  /// @param directory where the file is, or comes to be with the first quota
  /// @throws dev.varve.storage.error.VarveException CORRUPTED_DATA or UNSUPPORTED_FORMAT_VERSION
  public ClientQuotas(Path directory) {
    this.file = new StateFile(directory, "quotas", "VQUO", VERSION);
    this.quotas = file.read().map(ClientQuotas::read).orElse(Map.of());
  }

  private static Map<ClientQuotaEntity, Map<String, Double>> read(FieldReader in) {
    Map<ClientQuotaEntity, Map<String, Double>> all = new HashMap<>();
    for (int i = in.getCount(1); i > 0; i--) {
      Map<String, String> entity = new HashMap<>();
      for (int j = in.getCount(1); j > 0; j--) {
        entity.put(in.getText(), in.getByte() == 0 ? null : in.getText());
      }
      Map<String, Double> limits = new HashMap<>();
      for (int j = in.getCount(1); j > 0; j--) {
        limits.put(in.getText(), Double.longBitsToDouble(in.getLong()));
      }
      all.put(new ClientQuotaEntity(entity), Map.copyOf(limits));
    }
    return Map.copyOf(all);
  }

  /// All quotas there are.
  public Map<ClientQuotaEntity, Map<String, Double>> all() {
    return quotas;
  }

  public boolean isEmpty() {
    return quotas.isEmpty();
  }

  /// Changes the limits of an entity, null for one that goes. Durable when this returns.
  public synchronized void change(ClientQuotaEntity entity, Map<String, Double> changes) {
    Map<String, Double> limits = new HashMap<>(quotas.getOrDefault(entity, Map.of()));
    changes.forEach((key, value) -> {
      if (value == null) {
        limits.remove(key);
      } else {
        limits.put(key, value);
      }
    });
    Map<ClientQuotaEntity, Map<String, Double>> all = new HashMap<>(quotas);
    if (limits.isEmpty()) {
      all.remove(entity);
    } else {
      all.put(entity, Map.copyOf(limits));
    }
    FieldWriter out = file.begin();
    put(out, all);
    file.write(out);
    quotas = Map.copyOf(all);
  }

  private static void put(FieldWriter out, Map<ClientQuotaEntity, Map<String, Double>> all) {
    out.putInt(all.size());
    all.forEach((entity, limits) -> {
      out.putInt(entity.entries().size());
      entity
          .entries()
          .forEach((type, name) -> {
            out.putText(type);
            out.putByte(name == null ? 0 : 1);
            if (name != null) {
              out.putText(name);
            }
          });
      out.putInt(limits.size());
      limits.forEach((key, value) -> {
        out.putText(key);
        out.putLong(Double.doubleToRawLongBits(value));
      });
    });
  }

  /// The limit that holds for a client, or null. The entity that says most about the client
  /// decides: user and client id before the user alone, a name before the default, users before
  /// client ids.
  public InForce find(Limit limit, String user, String clientId) {
    Map<ClientQuotaEntity, Map<String, Double>> all = quotas;
    for (ClientQuotaEntity candidate : candidates(user, clientId)) {
      OptionalDouble value = value(all, candidate, limit);
      if (value.isPresent()) {
        Map<String, String> shared = new HashMap<>(candidate.entries());
        shared.replaceAll((type, _) -> type.equals(ClientQuotaEntity.USER) ? user : clientId);
        return new InForce(new ClientQuotaEntity(shared), value.getAsDouble());
      }
    }
    return null;
  }

  private static OptionalDouble value(
      Map<ClientQuotaEntity, Map<String, Double>> all, ClientQuotaEntity entity, Limit limit) {
    Double value = all.getOrDefault(entity, Map.of()).get(limit.key);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static List<ClientQuotaEntity> candidates(String user, String clientId) {
    List<ClientQuotaEntity> candidates = new ArrayList<>();
    for (String userName : new String[] {user, null}) {
      for (String client : new String[] {clientId, null}) {
        Map<String, String> both = new HashMap<>();
        both.put(ClientQuotaEntity.USER, userName);
        both.put(ClientQuotaEntity.CLIENT_ID, client);
        candidates.add(new ClientQuotaEntity(both));
      }
      candidates.add(single(ClientQuotaEntity.USER, userName));
    }
    candidates.add(single(ClientQuotaEntity.CLIENT_ID, clientId));
    candidates.add(single(ClientQuotaEntity.CLIENT_ID, null));
    return candidates;
  }

  private static ClientQuotaEntity single(String type, String name) {
    Map<String, String> entity = new HashMap<>();
    entity.put(type, name);
    return new ClientQuotaEntity(entity);
  }
}
