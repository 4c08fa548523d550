// Package lab is where models and forecasts are learnt, judged and drawn, away
// from the running service:
//
//	eval      the whole service against recordings of real cars and a simulated fleet
//	backtest  fleet forecasts from what was known at a cut
//	training  learned hazards: their history, their file, their verdict
//	sheet     tables that people hand to commands; history and pack read theirs by it
//	graph     the plots of --plot
//	playback  recordings of real cars, published over MQTT
package lab
