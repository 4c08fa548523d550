// Package ovms reads what a module of the Open Vehicle Monitoring System 3
// publishes over MQTT ("server v3"), so that cars with one need no other box.
//
//	ovms/<user>/<vehicle id>/metric/<m/e/t/r/i/c>         one metric, QoS 0, retained
//	ovms/<user>/<vehicle id>/notify/<type>/<subtype>      QoS 1
//	ovms/<user>/<vehicle id>/notify/data/<subtype>/<n>/<-s>  QoS 2
//	ovms/<user>/<vehicle id>/event                        QoS 0, the name as payload
//	ovms/<user>/<vehicle id>/event/<e/v/e/n/t>            QoS 0, the same in newer firmware
//	ovms/<user>/<vehicle id>/client/...                   commands of apps: passed over
//	ovms/<user>/<vehicle id>/status, config/...           of the module itself: passed over
//
// The vehicle id may be left out (topic.prefix set to ovms/<user>/).
//
// # Values
//
// A metric's name has dots where the topic has slashes: metric/v/b/soc is
// v.b.soc. Its value is text in the metric's own unit: a number, yes or no,
// numbers between commas, or words; an empty one or nan is undefined and nothing
// is stored. metrics.csv tells which VSS signal a metric is. The rest is kept
// under OVMS.<metric>, counted as unknown and used by no model.
//
// # Time
//
// A metric carries no time, so its time is that of its arrival, or an estimate of
// when it would have arrived where a broker kept it; the pipeline keeps values of
// one signal apart. m.time.utc is a metric like the others: which of them belong
// to it nothing tells, so it is not used. A metric's retained copy, which a
// broker sends again after every subscription, is of unknown age: it is
// acknowledged and not stored. Metrics have QoS 0: what is sent while ingest is
// away is lost to everybody, unless the broker queues it all the same. The module
// sends all of them again when it connects, and each whenever it changes.
//
// # Events
//
// notify/alert becomes the event "alert" with its subtype as the code,
// notify/error "error", notify/info "info", and notify/data "data" at the time
// that its last level tells (seconds before it was sent). The others happened
// when they arrived, so that one that the broker delivers twice is there twice.
// Of the module's own events those named vehicle.* become "ovms" with their
// name; the rest (ticker.*, system.*, network.*, ...) is counted by
// presage_ingest_dropped_total and passed over. Firmware that sends an event in
// both forms tells of one: the second form within 5 s is the same event. For
// that the newest event of 20,000 vehicles is remembered; with more, or after a
// restart in between, such an event may be there twice.
//
// # Identity
//
// The user is the vehicle: set server.v3's user to the VIN, or name the VIN of a
// user at an external broker (For, ingest.ovms_users). The vehicle id may
// be a nickname; if it is a VIN it must be the same one, and so must the metric
// v.vin, else the message is refused as foreign_vin. The embedded broker lets a
// user publish below ovms/<its own VIN>/ alone; at an external broker the same
// must be set (Mosquitto: "pattern write ovms/%u/#").
package ovms
