// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.access.Privilege;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;

/// Settings of topics, shown and changed, and of the broker, shown.
final class TopicConfigsHandler {
  private static final byte TOPIC = ConfigResource.Type.TOPIC.id();

  private final BrokerOperations broker;

  TopicConfigsHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  private static Topic toChange(TopicRights rights, byte type, String name) {
    if (type != TOPIC) {
      throw new RefusedException(
          Refusal.INVALID_REQUEST,
          "only settings of topics can be changed here; the server's own are its options");
    }
    return rights.require(Privilege.ALTER, name);
  }

  Handler.Answer describe(Call call) {
    DescribeConfigsRequest request = (DescribeConfigsRequest) call.body();
    DescribeConfigsResponseData data = new DescribeConfigsResponseData();
    TopicRights rights = TopicRights.of(broker, call);
    for (DescribeConfigsResource resource : request.data().resources()) {
      data.results().add(describe(rights, resource, request.data().includeSynonyms()));
    }
    return () -> new DescribeConfigsResponse(data);
  }

  private DescribeConfigsResult describe(
      TopicRights rights, DescribeConfigsResource resource, boolean synonyms) {
    DescribeConfigsResult result =
        new DescribeConfigsResult()
            .setResourceType(resource.resourceType())
            .setResourceName(resource.resourceName());
    List<String> asked = resource.configurationKeys();
    if (resource.resourceType() == ConfigResource.Type.BROKER.id()) {
      if (!rights.mayOperate()) {
        return result
            .setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code())
            .setErrorMessage("the broker's settings are shown to users with SYSTEM on *.*");
      }
      broker
          .brokerConfig()
          .forEach((name, value) -> {
            if (asked == null || asked.contains(name)) {
              byte source = ConfigSource.STATIC_BROKER_CONFIG.id();
              result.configs().add(setting(name, value, source, synonyms).setReadOnly(true));
            }
          });
      return result;
    }
    try {
      if (resource.resourceType() != TOPIC) {
        throw new RefusedException(
            Refusal.INVALID_REQUEST, "there are settings of topics and of the broker");
      }
      Topic topic = rights.requireKnown(resource.resourceName());
      broker
          .config(topic)
          .forEach((name, value) -> {
            if (asked == null || asked.contains(name)) {
              boolean isOwn = topic.config().containsKey(name);
              ConfigSource source = isOwn ? ConfigSource.TOPIC_CONFIG : ConfigSource.DEFAULT_CONFIG;
              result.configs().add(setting(name, value, source.id(), synonyms));
            }
          });
      return result;
    } catch (RefusedException e) {
      return result.setErrorCode(WireErrors.code(e.refusal())).setErrorMessage(e.getMessage());
    }
  }

  private static DescribeConfigsResourceResult setting(
      String name, String value, byte source, boolean synonyms) {
    DescribeConfigsResourceResult setting =
        new DescribeConfigsResourceResult()
            .setName(name)
            .setValue(value)
            .setConfigSource(source)
            .setConfigType(type(name, value).id());
    if (synonyms) {
      setting
          .synonyms()
          .add(new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source));
    }
    return setting;
  }

  private static ConfigType type(String name, String value) {
    if (name.equals("cleanup.policy")) {
      return ConfigType.LIST;
    }
    return value.matches("-?\\d+") ? ConfigType.LONG : ConfigType.STRING;
  }

  Handler.Answer alterSome(Call call) {
    IncrementalAlterConfigsRequest request = (IncrementalAlterConfigsRequest) call.body();
    IncrementalAlterConfigsResponseData data = new IncrementalAlterConfigsResponseData();
    TopicRights rights = TopicRights.of(broker, call);
    request
        .data()
        .resources()
        .forEach(resource -> {
          AlterConfigsResourceResponse response =
              new AlterConfigsResourceResponse()
                  .setResourceType(resource.resourceType())
                  .setResourceName(resource.resourceName());
          try {
            if (isRemovalOfNothing(rights, resource)) {
              data.responses().add(response);
              return;
            }
            Topic topic = toChange(rights, resource.resourceType(), resource.resourceName());
            Map<String, String> config = new HashMap<>(topic.config());
            for (AlterableConfig change : resource.configs()) {
              apply(change, config, broker.config(topic));
            }
            broker.alterConfig(topic, config, request.data().validateOnly());
          } catch (RefusedException e) {
            response.setErrorCode(WireErrors.code(e.refusal())).setErrorMessage(e.getMessage());
          }
          data.responses().add(response);
        });
    return () -> new IncrementalAlterConfigsResponse(data);
  }

  /// Tools take settings away from a broker that they may have given to it, as limits of
  /// replication. Where it has none of these they are gone already.
  private boolean isRemovalOfNothing(
      TopicRights rights, IncrementalAlterConfigsRequestData.AlterConfigsResource resource) {
    return resource.resourceType() == ConfigResource.Type.BROKER.id()
        && rights.mayOperate()
        && resource.configs().stream()
            .allMatch(change ->
                OpType.forId(change.configOperation()) == OpType.DELETE
                    && !broker.brokerConfig().containsKey(change.name()));
  }

  private static void apply(
      AlterableConfig change, Map<String, String> own, Map<String, String> inForce) {
    String name = change.name();
    String before = own.getOrDefault(name, inForce.getOrDefault(name, ""));
    switch (OpType.forId(change.configOperation())) {
      case SET -> own.put(name, value(change));
      case DELETE -> own.remove(name);
      case APPEND -> own.put(name, list(before, value(change), true));
      case SUBTRACT -> own.put(name, list(before, value(change), false));
      case null ->
          throw new RefusedException(
              Refusal.INVALID_REQUEST, "no such operation: " + change.configOperation());
    }
  }

  private static String value(AlterableConfig change) {
    if (change.value() == null) {
      throw new RefusedException(Refusal.INVALID_CONFIG, change.name() + " needs a value");
    }
    return change.value();
  }

  private static String list(String before, String change, boolean add) {
    Set<String> words = new LinkedHashSet<>(Arrays.asList(before.split(",")));
    words.remove("");
    if (add) {
      words.addAll(Arrays.asList(change.split(",")));
    } else {
      Arrays.asList(change.split(",")).forEach(words::remove);
    }
    return String.join(",", words);
  }

  /// The older request, which names all settings that the topic shall have.
  Handler.Answer alterAll(Call call) {
    AlterConfigsRequest request = (AlterConfigsRequest) call.body();
    AlterConfigsResponseData data = new AlterConfigsResponseData();
    TopicRights rights = TopicRights.of(broker, call);
    for (AlterConfigsResource resource : request.data().resources()) {
      AlterConfigsResponseData.AlterConfigsResourceResponse response =
          new AlterConfigsResponseData.AlterConfigsResourceResponse()
              .setResourceType(resource.resourceType())
              .setResourceName(resource.resourceName());
      try {
        Topic topic = toChange(rights, resource.resourceType(), resource.resourceName());
        Map<String, String> config = new HashMap<>();
        resource.configs().forEach(c -> config.put(c.name(), c.value()));
        broker.alterConfig(topic, config, request.data().validateOnly());
      } catch (RefusedException e) {
        response.setErrorCode(WireErrors.code(e.refusal())).setErrorMessage(e.getMessage());
      }
      data.responses().add(response);
    }
    return () -> new AlterConfigsResponse(data);
  }
}
