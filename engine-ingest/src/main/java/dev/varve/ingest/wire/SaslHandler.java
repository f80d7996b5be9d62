// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.SaslAuthenticateRequest;
import org.apache.kafka.common.requests.SaslAuthenticateResponse;
import org.apache.kafka.common.requests.SaslHandshakeRequest;
import org.apache.kafka.common.requests.SaslHandshakeResponse;

/// SaslHandshake and SaslAuthenticate: a client says who it is.
final class SaslHandler {
  Handler.Answer handshake(Call call) {
    SaslHandshakeRequest asked = (SaslHandshakeRequest) call.body();
    SaslHandshakeResponseData data =
        new SaslHandshakeResponseData().setMechanisms(SaslLogin.MECHANISMS);
    if (!call.caller().login().choose(asked.data().mechanism())) {
      data.setErrorCode(Errors.UNSUPPORTED_SASL_MECHANISM.code());
    }
    return () -> new SaslHandshakeResponse(data);
  }

  Handler.Answer authenticate(Call call) {
    SaslAuthenticateRequest asked = (SaslAuthenticateRequest) call.body();
    SaslAuthenticateResponseData data = new SaslAuthenticateResponseData();
    try {
      data.setAuthBytes(call.caller().login().answer(asked.data().authBytes()));
    } catch (SaslAuthenticationException e) {
      data.setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code()).setErrorMessage(e.getMessage());
    }
    return () -> new SaslAuthenticateResponse(data);
  }
}
