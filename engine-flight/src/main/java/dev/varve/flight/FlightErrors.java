// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.OutOfMemoryException;

/// What went wrong, as a caller of Flight is told.
final class FlightErrors {
  private FlightErrors() {}

  static FlightRuntimeException of(Throwable failure) {
    return switch (failure) {
      case FlightRuntimeException told -> told;
      case VarveException e ->
          status(e.code())
              .withDescription(
                  "Code: " + e.code().number() + ". " + e.getMessage() + " (" + e.code() + ")")
              .withCause(e)
              .toRuntimeException();
      case OutOfMemoryException e ->
          CallStatus.RESOURCE_EXHAUSTED
              .withDescription(
                  "the statement needs more memory than it may use; raise max_memory_usage")
              .withCause(e)
              .toRuntimeException();
      default ->
          CallStatus.INTERNAL
              .withDescription("the engine failed, which is a defect of ours: " + failure)
              .withCause(failure)
              .toRuntimeException();
    };
  }

  private static CallStatus status(ErrorCode code) {
    return switch (code) {
      case UNKNOWN_TABLE, UNKNOWN_DATABASE -> CallStatus.NOT_FOUND;
      case TABLE_ALREADY_EXISTS -> CallStatus.ALREADY_EXISTS;
      case AUTHENTICATION_FAILED -> CallStatus.UNAUTHENTICATED;
      case ACCESS_DENIED -> CallStatus.UNAUTHORIZED;
      case QUERY_WAS_CANCELLED -> CallStatus.CANCELLED;
      case TIMEOUT_EXCEEDED -> CallStatus.TIMED_OUT;
      case NOT_IMPLEMENTED -> CallStatus.UNIMPLEMENTED;
      default ->
          switch (code.fault()) {
            case USER -> CallStatus.INVALID_ARGUMENT;
            case OURS -> CallStatus.INTERNAL;
            case RESOURCES -> CallStatus.RESOURCE_EXHAUSTED;
            case WORLD -> CallStatus.UNAVAILABLE;
          };
    };
  }
}
