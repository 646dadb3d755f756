"""Airflow's side of the house: the DAGs, and the local Airflow that runs them."""
