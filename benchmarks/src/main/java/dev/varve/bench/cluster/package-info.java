// SPDX-License-Identifier: Apache-2.0
/// What a cluster of servers costs and gives.
package dev.varve.bench.cluster;
