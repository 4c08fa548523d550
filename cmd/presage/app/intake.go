package app

import (
	"context"

	"presage"
	"presage/api"
	"presage/ingest/httpdoor"
)

// openIntake makes ready the door for telemetry by HTTP. Vehicles show the
// secrets that the MQTT door asks for.
func (a *App) openIntake(ctx context.Context) (err error) {
	if !a.Does(presage.ProcessIngest) {
		return nil
	}
	if err := a.openAdmission(ctx); err != nil {
		return err
	}
	var gateways []httpdoor.Gateway
	for _, g := range a.cfg.MQTT.Gateways {
		gateways = append(gateways, httpdoor.Gateway{Username: g.Username, Password: g.Password})
	}
	a.httpDoor, err = httpdoor.New(httpdoor.Config{
		Sink: a.Pipeline, Lock: a.edge.verifier, Gateways: gateways, Now: a.Clock.Now,
		MaxBody: int64(a.cfg.Ingest.HTTPBody), Registerer: a.registry,
	})
	return err
}

// intakeByHTTP is that door for the API, nil without one.
func (a *App) intakeByHTTP() api.Intake {
	if a.httpDoor == nil {
		return nil
	}
	return a.httpDoor
}
