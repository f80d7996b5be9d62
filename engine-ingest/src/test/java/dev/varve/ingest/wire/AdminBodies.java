// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/// Small requests of administrators, of every kind that is answered.
final class AdminBodies {
  private AdminBodies() {}

  /// @param known whether it asks for what is there: the topic `topic`
  static ApiMessage of(ApiKeys key, boolean known) {
    String name = known ? "topic" : "unknown";
    return switch (key) {
      case ELECT_LEADERS -> {
        ElectLeadersRequestData data = new ElectLeadersRequestData();
        data.topicPartitions()
            .add(
                new ElectLeadersRequestData.TopicPartitions()
                    .setTopic(name)
                    .setPartitions(List.of(0)));
        yield data;
      }
      case ALTER_PARTITION_REASSIGNMENTS ->
          new AlterPartitionReassignmentsRequestData()
              .setTopics(
                  List.of(
                      new ReassignableTopic()
                          .setName(name)
                          .setPartitions(
                              List.of(new ReassignablePartition().setReplicas(List.of(1))))));
      case ALTER_REPLICA_LOG_DIRS -> {
        AlterReplicaLogDir directory = new AlterReplicaLogDir().setPath("/topics");
        directory
            .topics()
            .add(new AlterReplicaLogDirTopic().setName(name).setPartitions(List.of(0)));
        AlterReplicaLogDirsRequestData data = new AlterReplicaLogDirsRequestData();
        data.dirs().add(directory);
        yield data;
      }
      case DESCRIBE_QUORUM ->
          new DescribeQuorumRequestData()
              .setTopics(
                  List.of(
                      new DescribeQuorumRequestData.TopicData()
                          .setTopicName(known ? "__cluster_metadata" : name)
                          .setPartitions(List.of(new DescribeQuorumRequestData.PartitionData()))));
      case LIST_CONFIG_RESOURCES -> new ListConfigResourcesRequestData();
      case DESCRIBE_ACLS ->
          new DescribeAclsRequestData()
              .setResourceTypeFilter(ResourceType.ANY.code())
              .setPatternTypeFilter(PatternType.LITERAL.code())
              .setOperation(AclOperation.ANY.code())
              .setPermissionType(AclPermissionType.ANY.code());
      case CREATE_ACLS ->
          new CreateAclsRequestData()
              .setCreations(
                  List.of(
                      new AclCreation()
                          .setResourceType(ResourceType.TOPIC.code())
                          .setResourceName(name)
                          .setResourcePatternType(PatternType.LITERAL.code())
                          .setPrincipal("User:ann")
                          .setHost("*")
                          .setOperation(AclOperation.READ.code())
                          .setPermissionType(AclPermissionType.ALLOW.code())));
      case DELETE_ACLS ->
          new DeleteAclsRequestData()
              .setFilters(
                  List.of(
                      new DeleteAclsFilter()
                          .setResourceTypeFilter(ResourceType.TOPIC.code())
                          .setResourceNameFilter(name)
                          .setPatternTypeFilter(PatternType.LITERAL.code())
                          .setOperation(AclOperation.READ.code())
                          .setPermissionType(AclPermissionType.ALLOW.code())));
      case DESCRIBE_USER_SCRAM_CREDENTIALS -> new DescribeUserScramCredentialsRequestData();
      case ALTER_USER_SCRAM_CREDENTIALS ->
          new AlterUserScramCredentialsRequestData()
              .setDeletions(
                  List.of(
                      new AlterUserScramCredentialsRequestData.ScramCredentialDeletion()
                          .setName("ann")
                          .setMechanism((byte) 1)));
      case DESCRIBE_CLIENT_QUOTAS ->
          new DescribeClientQuotasRequestData()
              .setComponents(
                  List.of(
                      new DescribeClientQuotasRequestData.ComponentData()
                          .setEntityType("user")
                          .setMatchType((byte) 2)
                          .setMatch(null)));
      case ALTER_CLIENT_QUOTAS ->
          new AlterClientQuotasRequestData()
              .setValidateOnly(true)
              .setEntries(
                  List.of(
                      new AlterClientQuotasRequestData.EntryData()
                          .setEntity(
                              List.of(
                                  new AlterClientQuotasRequestData.EntityData()
                                      .setEntityType(known ? "user" : "planet")
                                      .setEntityName("ann")))
                          .setOps(
                              List.of(
                                  new AlterClientQuotasRequestData.OpData()
                                      .setKey("producer_byte_rate")
                                      .setValue(1e6)))));
      default -> throw new AssertionError("write a request of " + key + " for this test");
    };
  }
}
