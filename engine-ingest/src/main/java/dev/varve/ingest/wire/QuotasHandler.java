// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.wire.quota.ClientQuotas;
import dev.varve.storage.error.VarveException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;
import org.apache.kafka.common.requests.DescribeClientQuotasResponse;

/// Quotas of users and client ids, shown and changed.
final class QuotasHandler {
  private static final Set<String> TYPES =
      Set.of(ClientQuotaEntity.USER, ClientQuotaEntity.CLIENT_ID);

  private static final Set<String> KEYS =
      Arrays.stream(ClientQuotas.Limit.values())
          .map(ClientQuotas.Limit::key)
          .collect(Collectors.toUnmodifiableSet());

  private final BrokerOperations broker;
  private final ClientQuotas quotas;

  QuotasHandler(BrokerOperations broker, ClientQuotas quotas) {
    this.broker = broker;
    this.quotas = quotas;
  }

  Handler.Answer describe(Call call) {
    TopicRights.of(broker, call).requireOperator();
    ClientQuotaFilter filter = WellFormed.read(((DescribeClientQuotasRequest) call.body())::filter);
    Set<String> asked = new HashSet<>();
    for (ClientQuotaFilterComponent component : filter.components()) {
      if (!asked.add(component.entityType())) {
        throw new InvalidRequestException(component.entityType() + " is asked for twice");
      }
    }
    Map<ClientQuotaEntity, Map<String, Double>> found = new HashMap<>();
    quotas
        .all()
        .forEach((entity, limits) -> {
          if (matches(filter, entity)) {
            found.put(entity, limits);
          }
        });
    return () -> DescribeClientQuotasResponse.fromQuotaEntities(found, 0);
  }

  private static boolean matches(ClientQuotaFilter filter, ClientQuotaEntity entity) {
    Map<String, String> names = entity.entries();
    for (ClientQuotaFilterComponent component : filter.components()) {
      if (!names.containsKey(component.entityType())) {
        return false;
      }
      Optional<String> name = Optional.ofNullable(names.get(component.entityType()));
      // Null asks for any name, an empty one for the default.
      if (component.match() != null && !component.match().equals(name)) {
        return false;
      }
    }
    return !filter.strict() || filter.components().size() == names.size();
  }

  Handler.Answer alter(Call call) {
    TopicRights.of(broker, call).requireOperator();
    AlterClientQuotasRequest request = (AlterClientQuotasRequest) call.body();
    Map<ClientQuotaEntity, ApiError> results = new HashMap<>();
    for (ClientQuotaAlteration alteration : WellFormed.read(request::entries)) {
      results.put(alteration.entity(), altered(alteration, request.validateOnly()));
    }
    return () -> AlterClientQuotasResponse.fromQuotaEntities(results, 0);
  }

  private ApiError altered(ClientQuotaAlteration alteration, boolean validateOnly) {
    try {
      check(alteration.entity());
      Map<String, Double> changes = new HashMap<>();
      for (ClientQuotaAlteration.Op op : alteration.ops()) {
        check(op);
        changes.put(op.key(), op.value());
      }
      if (!validateOnly) {
        quotas.change(alteration.entity(), changes);
      }
      return ApiError.NONE;
    } catch (ApiException e) {
      return ApiError.fromThrowable(e);
    } catch (VarveException e) {
      return new ApiError(Errors.UNKNOWN_SERVER_ERROR, e.getMessage()); // the change is not kept
    }
  }

  private static void check(ClientQuotaEntity entity) {
    if (entity.entries().isEmpty()) {
      throw new InvalidRequestException("a quota is somebody's");
    }
    for (Map.Entry<String, String> part : entity.entries().entrySet()) {
      if (!TYPES.contains(part.getKey())) {
        throw new UnsupportedVersionException(
            "there are quotas of user and client-id here, none of " + part.getKey());
      }
      if (part.getValue() != null && part.getValue().isEmpty()) {
        throw new InvalidRequestException("a " + part.getKey() + " has a name");
      }
    }
  }

  private static void check(ClientQuotaAlteration.Op op) {
    if (!KEYS.contains(op.key())) {
      throw new InvalidRequestException(
          "there is no quota " + op.key() + " here, only " + String.join(", ", sorted()));
    }
    if (op.value() != null && !(op.value() > 0 && op.value() < Double.POSITIVE_INFINITY)) {
      throw new InvalidRequestException(op.key() + " must be above 0, found " + op.value());
    }
  }

  private static List<String> sorted() {
    return KEYS.stream().sorted().toList();
  }
}
