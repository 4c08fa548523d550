package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"presage/api/problem"
)

// offerDays and offerTimes are for an app of the maker's own: what the page
// shows, as JSON, for whoever holds the link.
func offerDays(r *request) error {
	m, err := r.site.Offers.OfferDays(r.Request.Context(), r.Param("token"), r.Query("at"), r.Query("month"))
	return r.asData(m, err)
}

func offerTimes(r *request) error {
	rows, err := r.site.Offers.OfferTimes(r.Request.Context(), r.Param("token"), r.Query("at"), r.Query("day"))
	return r.asData(gin.H{"items": rows}, err)
}

func (r *request) asData(v any, err error) error {
	r.Header("Cache-Control", "no-store")
	if err == nil {
		r.JSON(http.StatusOK, v)
		return nil
	}
	status, _ := problem.Of(err)
	if status >= http.StatusInternalServerError {
		return err
	}
	r.JSON(status, gin.H{"status": status, "title": errorKey(err)})
	return nil
}
