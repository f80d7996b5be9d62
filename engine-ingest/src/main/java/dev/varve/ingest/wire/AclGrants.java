// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.merge.access.AccessState;
import dev.varve.merge.access.Grant;
import dev.varve.merge.access.Privilege;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/// The grants of SQL as the protocol's access control lists, and back.
///
/// A topic's entry is a grant on its table. What belongs to no topic (groups, transactional ids,
/// the cluster) follows from grants: it is shown, and taken where it holds already, but not kept.
final class AclGrants {
  private static final String EVERYBODY_FROM_ANYWHERE = "*";

  /// What who may read some topic may do with each group.
  static final List<AclOperation> OF_GROUPS =
      List.of(AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DELETE);

  /// What who may write to some topic may do with each transactional id.
  static final List<AclOperation> OF_IDS = List.of(AclOperation.WRITE, AclOperation.DESCRIBE);

  private static final String USER = "User:";
  private static final String ROLE = "Role:";

  /// What a grant on a table means for its topic.
  private static final Map<Privilege, List<AclOperation>> OPERATIONS =
      new EnumMap<>(
          Map.of(
              Privilege.SELECT, List.of(AclOperation.READ),
              Privilege.INSERT, List.of(AclOperation.WRITE),
              Privilege.ALTER, List.of(AclOperation.ALTER, AclOperation.ALTER_CONFIGS),
              Privilege.CREATE, List.of(AclOperation.CREATE),
              Privilege.DROP, List.of(AclOperation.DELETE),
              Privilege.SHOW, List.of(AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS)));

  private AclGrants() {}

  /// The entries that a grant is; none where the protocol has no word for it.
  static List<AclBinding> of(AccessState state, Grant grant) {
    List<AclOperation> operations = OPERATIONS.get(grant.privilege());
    if (operations == null || !grant.columns().isEmpty()) {
      return List.of();
    }
    ResourcePattern topic = pattern(grant);
    String principal = principal(state, grant.grantee());
    return operations.stream().map(operation -> entry(topic, principal, operation)).toList();
  }

  private static ResourcePattern pattern(Grant grant) {
    if (grant.database().isEmpty()) {
      return new ResourcePattern(
          ResourceType.TOPIC, ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL);
    }
    if (grant.table().isEmpty()) {
      return new ResourcePattern(ResourceType.TOPIC, grant.database() + ".", PatternType.PREFIXED);
    }
    String name = Topic.named(new TableName(grant.database(), grant.table()));
    return new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL);
  }

  private static String principal(AccessState state, String grantee) {
    return (state.roles().contains(grantee) ? ROLE : USER) + grantee;
  }

  private static AclBinding entry(ResourcePattern on, String principal, AclOperation operation) {
    return new AclBinding(
        on,
        new AccessControlEntry(
            principal, EVERYBODY_FROM_ANYWHERE, operation, AclPermissionType.ALLOW));
  }

  /// What follows from all grants, beside the topics' entries.
  static List<AclBinding> following(AccessState state) {
    Set<String> grantees = new TreeSet<>();
    state.grants().forEach(grant -> grantees.add(grant.grantee()));
    List<AclBinding> entries = new ArrayList<>();
    for (String grantee : grantees) {
      String principal = principal(state, grantee);
      List<Grant> own =
          state.grants().stream().filter(grant -> grant.grantee().equals(grantee)).toList();
      if (has(own, Privilege.SELECT, false)) {
        OF_GROUPS.forEach(
            operation -> entries.add(entry(all(ResourceType.GROUP), principal, operation)));
      }
      if (has(own, Privilege.INSERT, false)) {
        OF_IDS.forEach(operation ->
            entries.add(entry(all(ResourceType.TRANSACTIONAL_ID), principal, operation)));
        entries.add(entry(cluster(), principal, AclOperation.IDEMPOTENT_WRITE));
      }
      if (has(own, Privilege.CREATE, true)) {
        entries.add(entry(cluster(), principal, AclOperation.CREATE));
      }
      if (has(own, Privilege.SYSTEM, true)) {
        entries.add(entry(cluster(), principal, AclOperation.DESCRIBE));
        entries.add(entry(cluster(), principal, AclOperation.DESCRIBE_CONFIGS));
      }
      if (has(own, Privilege.ACCESS_MANAGEMENT, true)) {
        entries.add(entry(cluster(), principal, AclOperation.ALTER));
      }
    }
    return entries;
  }

  private static boolean has(List<Grant> grants, Privilege privilege, boolean everywhere) {
    return grants.stream()
        .anyMatch(
            grant -> grant.privilege() == privilege && (!everywhere || grant.database().isEmpty()));
  }

  private static ResourcePattern all(ResourceType type) {
    return new ResourcePattern(type, ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL);
  }

  private static ResourcePattern cluster() {
    return new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL);
  }

  /// The grants that make an entry of a topic true.
  ///
  /// @throws ApiException where no grant says what it says
  static List<Grant> grants(BrokerOperations broker, AccessState state, AclBinding binding) {
    String grantee = grantee(state, binding);
    TableName on = table(broker, binding.pattern());
    AclOperation wanted = binding.entry().operation();
    List<Grant> grants = new ArrayList<>();
    OPERATIONS.forEach((privilege, operations) -> {
      if (wanted == AclOperation.ALL || operations.contains(wanted)) {
        grants.add(new Grant(grantee, privilege, on.database(), on.table(), List.of(), false));
      }
    });
    if (grants.isEmpty()) {
      throw new InvalidRequestException("a topic has no operation " + wanted);
    }
    return grants;
  }

  /// Who is meant.
  ///
  /// @throws ApiException where nobody is, or an entry that a grant cannot say
  static String grantee(AccessState state, AclBinding binding) {
    AccessControlEntry entry = binding.entry();
    if (entry.permissionType() != AclPermissionType.ALLOW) {
      throw new InvalidRequestException("grants allow and never deny: remove what allows instead");
    }
    if (!entry.host().equals(EVERYBODY_FROM_ANYWHERE)) {
      throw new InvalidRequestException("grants hold from every host: leave the host out");
    }
    String principal = entry.principal();
    String name = principal.substring(principal.indexOf(':') + 1);
    boolean isKnown =
        principal.startsWith(USER) && state.users().containsKey(name)
            || principal.startsWith(ROLE) && state.roles().contains(name);
    if (!isKnown) {
      throw new InvalidRequestException(
          "there is no "
              + principal
              + "; make the user first, by CREATE USER or with a credential of SCRAM,"
              + " or the role by CREATE ROLE");
    }
    return name;
  }

  /// What a pattern names: a table, all of a database (empty table), or everything (empty both).
  private static TableName table(BrokerOperations broker, ResourcePattern pattern) {
    String name = pattern.name();
    if (pattern.patternType() == PatternType.PREFIXED) {
      int dot = name.indexOf('.');
      if (dot < 1 || dot != name.length() - 1) {
        throw new InvalidRequestException(
            "grants hold for a table or a database: a prefix must be the name of a database and a"
                + " dot, found \""
                + name
                + "\"");
      }
      return new TableName(name.substring(0, dot), "");
    }
    if (name.equals(ResourcePattern.WILDCARD_RESOURCE)) {
      return new TableName("", "");
    }
    return broker.topic(name).map(broker::grantedAs).orElseGet(() -> Topic.tableNamed(name));
  }

  /// Whether an entry that belongs to no topic holds in this state.
  static boolean holds(AccessState state, AclBinding binding) {
    AccessControlEntry entry = binding.entry();
    return following(state).stream()
        .filter(known -> known.pattern().resourceType() == binding.pattern().resourceType())
        .filter(known -> known.entry().principal().equals(entry.principal()))
        .anyMatch(known -> known.entry().operation() == entry.operation());
  }
}
