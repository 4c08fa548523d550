package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"presage"
)

const parameterColumns = `version, document, put_at, author, note`

// parameterDocument is what a version says, as it is kept.
type parameterDocument struct {
	Rules  []presage.PlanningRule       `json:"rules"`
	Floors map[presage.Severity]float64 `json:"least_service_level,omitempty"`
}

// PlanningParameters is the version, the newest for 0; version 0, without rules, while none was
// put. ErrNotFound for another one that is not there.
func (s *Store) PlanningParameters(ctx context.Context, version int64) (presage.PlanningParameters, error) {
	p, err := one(ctx, s.r, scanParameters, `SELECT `+parameterColumns+` FROM planning_parameters
		WHERE version = $1 OR $1 = 0 ORDER BY version DESC LIMIT 1`, version)
	if version == 0 && errors.Is(err, sql.ErrNoRows) {
		return presage.PlanningParameters{Rules: []presage.PlanningRule{}}, nil
	}
	return p, wrap(err, fmt.Sprintf("planning parameters, version %d", version))
}

// PutPlanningParameters keeps the next version, made at p.PutAt, if the newest is still
// p.Version; else it is an ErrConflict that names the newest.
func (s *Store) PutPlanningParameters(ctx context.Context, p presage.PlanningParameters,
) (presage.PlanningParameters, error) {
	document, err := encode(parameterDocument{p.Rules, p.Floors})
	if err != nil {
		return p, err
	}
	known := p.Version
	err = s.inTx(ctx, "put planning parameters", func(tx *sql.Tx) error {
		if err := stillNewest(ctx, tx, "planning_parameters", known); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO planning_parameters (`+parameterColumns+`) VALUES ($1, $2, $3, $4, $5)`,
			known+1, document, micros(p.PutAt), clean(p.By), clean(p.Note))
		return err
	})
	if err != nil {
		return presage.PlanningParameters{}, err
	}
	return s.PlanningParameters(ctx, known+1)
}

func scanParameters(r row) (presage.PlanningParameters, error) {
	var p presage.PlanningParameters
	var document string
	err := r.Scan(&p.Version, &document, instant{&p.PutAt}, &p.By, &p.Note)
	if err != nil {
		return p, err
	}
	var d parameterDocument
	err = json.Unmarshal([]byte(document), &d)
	p.Rules, p.Floors = d.Rules, d.Floors
	return p, err
}
