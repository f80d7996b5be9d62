// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.merge.access.AccessControl;
import dev.varve.merge.access.AccessState;
import dev.varve.merge.access.Grant;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsMatchingAcl;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreateAclsRequest;
import org.apache.kafka.common.requests.CreateAclsResponse;
import org.apache.kafka.common.requests.DeleteAclsRequest;
import org.apache.kafka.common.requests.DeleteAclsResponse;
import org.apache.kafka.common.requests.DescribeAclsRequest;
import org.apache.kafka.common.requests.DescribeAclsResponse;
import org.apache.kafka.common.resource.ResourceType;

/// Access control lists: the grants of SQL, shown, given and taken away.
final class AclsHandler {
  private final BrokerOperations broker;

  AclsHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  Handler.Answer describe(Call call) {
    AccessState state = UserRights.managed(call).state();
    UserRights.requireManager(call);
    AclBindingFilter filter =
        anyForAll(WellFormed.read(((DescribeAclsRequest) call.body())::filter));
    Set<AclBinding> found = new LinkedHashSet<>();
    state.grants().forEach(grant -> found.addAll(AclGrants.of(state, grant)));
    found.addAll(AclGrants.following(state));
    found.removeIf(binding -> !filter.matches(binding));
    DescribeAclsResponseData data =
        new DescribeAclsResponseData().setResources(DescribeAclsResponse.aclsResources(found));
    return () -> new DescribeAclsResponse(data, call.version());
  }

  /// All operations are kept one by one, so that who looks for all of them looks for any.
  private static AclBindingFilter anyForAll(AclBindingFilter filter) {
    AccessControlEntryFilter entry = filter.entryFilter();
    if (entry.operation() != AclOperation.ALL) {
      return filter;
    }
    return new AclBindingFilter(
        filter.patternFilter(),
        new AccessControlEntryFilter(
            entry.principal(), entry.host(), AclOperation.ANY, entry.permissionType()));
  }

  /// Topics first: what belongs to none of them may follow from these.
  Handler.Answer create(Call call) {
    AccessControl control = UserRights.managed(call);
    List<AclCreation> asked = WellFormed.read(((CreateAclsRequest) call.body())::aclCreations);
    AclCreationResult[] results = new AclCreationResult[asked.size()];
    for (boolean topics : new boolean[] {true, false}) {
      for (int i = 0; i < results.length; i++) {
        AclBinding binding = CreateAclsRequest.aclBinding(asked.get(i));
        if (topics == (binding.pattern().resourceType() == ResourceType.TOPIC)) {
          ApiError error = created(call, control, binding);
          results[i] =
              new AclCreationResult()
                  .setErrorCode(error.error().code())
                  .setErrorMessage(error.message());
        }
      }
    }
    CreateAclsResponseData data = new CreateAclsResponseData().setResults(List.of(results));
    return () -> new CreateAclsResponse(data);
  }

  private ApiError created(Call call, AccessControl control, AclBinding binding) {
    try {
      if (binding.isUnknown()) {
        throw new InvalidRequestException("the entry has a field that is not known here");
      }
      AccessState state = control.state();
      if (binding.pattern().resourceType() == ResourceType.TOPIC) {
        List<Grant> grants = AclGrants.grants(broker, state, binding);
        grants.forEach(call.caller().access()::requireGrantOption);
        control.change(before -> {
          AccessState next = before;
          for (Grant grant : grants) {
            next = next.with(grant);
          }
          return next;
        });
      } else {
        UserRights.requireManager(call);
        AclGrants.grantee(state, binding);
        requireHolds(state, binding);
      }
      return ApiError.NONE;
    } catch (ApiException e) {
      return ApiError.fromThrowable(e);
    } catch (VarveException e) {
      return refused(e);
    }
  }

  /// Groups and transactional ids are nobody's, so that entries of them are taken and change
  /// nothing: who may read some topic may use each group, and who may write to one each id.
  private static void requireHolds(AccessState state, AclBinding binding) {
    AclOperation operation = binding.entry().operation();
    boolean isTaken =
        switch (binding.pattern().resourceType()) {
          case GROUP -> AclGrants.OF_GROUPS.contains(operation);
          case TRANSACTIONAL_ID -> AclGrants.OF_IDS.contains(operation);
          case CLUSTER -> operation == AclOperation.IDEMPOTENT_WRITE;
          default -> false;
        };
    if (isTaken || operation == AclOperation.ALL && isNobodys(binding)) {
      return;
    }
    if (!AclGrants.holds(state, binding)) {
      throw new InvalidRequestException(
          binding.pattern().resourceType() == ResourceType.CLUSTER
              ? "rights on the server itself are given in SQL: GRANT SYSTEM, CREATE or ACCESS"
                  + " MANAGEMENT ON *.*"
              : "there is no right " + operation + " on " + binding.pattern().resourceType());
    }
  }

  private static boolean isNobodys(AclBinding binding) {
    ResourceType type = binding.pattern().resourceType();
    return type == ResourceType.GROUP || type == ResourceType.TRANSACTIONAL_ID;
  }

  private static ApiError refused(VarveException e) {
    return new ApiError(
        e.code() == ErrorCode.ACCESS_DENIED
            ? Errors.CLUSTER_AUTHORIZATION_FAILED
            : Errors.UNKNOWN_SERVER_ERROR,
        e.getMessage());
  }

  /// Takes grants away. What follows from them goes with the last of them, and not by itself.
  Handler.Answer delete(Call call) {
    AccessControl control = UserRights.managed(call);
    DeleteAclsResponseData data = new DeleteAclsResponseData();
    for (AclBindingFilter asked : WellFormed.read(((DeleteAclsRequest) call.body())::filters)) {
      data.filterResults().add(deleted(call, control, asked));
    }
    return () -> new DeleteAclsResponse(data, call.version());
  }

  private static DeleteAclsFilterResult deleted(
      Call call, AccessControl control, AclBindingFilter asked) {
    AclBindingFilter filter = anyForAll(asked);
    AccessState state = control.state();
    List<DeleteAclsMatchingAcl> gone = new ArrayList<>();
    for (Grant grant : state.grants()) {
      List<AclBinding> bindings = AclGrants.of(state, grant);
      if (bindings.stream().noneMatch(filter::matches)) {
        continue;
      }
      ApiError error = ApiError.NONE;
      try {
        call.caller().access().requireGrantOption(grant);
        control.change(before -> before.without(grant));
      } catch (VarveException e) {
        error = refused(e);
      }
      for (AclBinding binding : bindings) {
        gone.add(DeleteAclsResponse.matchingAcl(binding, error));
      }
    }
    return new DeleteAclsFilterResult().setMatchingAcls(gone);
  }
}
