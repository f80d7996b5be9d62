// SPDX-License-Identifier: Apache-2.0
/// The certificate by which a server shows who it is, from files to what sockets ask for.
package dev.varve.server.tls;
