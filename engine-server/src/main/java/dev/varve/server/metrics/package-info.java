// SPDX-License-Identifier: Apache-2.0
/// Numbers for whoever watches the server.
package dev.varve.server.metrics;
