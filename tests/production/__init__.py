"""The portal as it stands on real servers: PostgreSQL, Redis, RabbitMQ, S3, nginx and several machines."""
