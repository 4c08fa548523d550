// Package wire is the least of MQTT 3.1.1 (OASIS, 2014) that a publisher with
// QoS 1 needs: CONNECT, PUBLISH, PUBACK, DISCONNECT.
//
// The load of ten thousand vehicles comes from one process on the very cores
// that it measures. paho keeps four to five goroutines and two buffered channels
// a client; here a vehicle is a socket and one goroutine that waits for
// PUBACKs, and a PUBLISH is one write from a buffer that all share.
package wire
