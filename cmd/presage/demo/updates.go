package demo

import (
	"context"
	"errors"
	"fmt"

	"presage"
	"presage/simulator"
)

// demoRollout is the new software that an engineer of the demo rolls out.
func demoRollout() presage.Rollout {
	return presage.Rollout{
		ID: "SW-412", Title: presage.Text{ZH: "车身控制器 4.1.2", EN: "Body control 4.1.2"}, Component: "control_software",
		Codes: []string{"U0300"}, From: []string{simulator.OldSoftware}, To: simulator.NewSoftware,
		Rings: []float64{10, 40, 100}, PassShare: 0.7, HaltShare: 0.3, MinAnswers: 8, Hours: 240,
	}
}

// startRollout registers the demo's roll-out and starts it.
func (d *Demo) startRollout(ctx context.Context) error {
	desk, r := d.app.Rollouts(), demoRollout()
	if err := desk.SaveRollout(ctx, r); err != nil {
		return fmt.Errorf("start the demo's roll-out: %w", err)
	}
	_, err := desk.SteerRollout(ctx, r.ID, presage.RolloutRunning, "Chen Wei")
	return err
}

// takeCommands lets cars take what was sent to them, as their connections would, and
// acknowledge it.
func (p *people) takeCommands(ctx context.Context) error {
	vins, last, err := p.app.SQL.NewCommands(ctx, p.commands)
	if err != nil {
		return fmt.Errorf("take commands: %w", err)
	}
	now := p.app.Clock.Now()
	var faults []error
	for _, vin := range vins {
		cs, err := p.app.SQL.PendingCommands(ctx, vin, p.commands, 0, now)
		faults = append(faults, err)
		for _, c := range cs {
			p.world.Command(vin, c.Payload)
			faults = append(faults, p.app.SQL.CommandDone(ctx, vin, c.ID, now))
		}
	}
	p.commands = last
	return errors.Join(faults...)
}
