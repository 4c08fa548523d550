package main

type batteryCommand struct {
	Diagnose diagnoseCommand `cmd:"" help:"Name the weak cells of a high-voltage pack from every cell's voltage."`
	Life     batteryLife     `cmd:"" help:"Forecast the fade of a battery's capacity from that of others like it."`
}
