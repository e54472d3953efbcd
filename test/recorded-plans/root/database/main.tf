variable "name" {
  type = string
}

variable "instance" {
  type = string
}

variable "password" {
  type      = string
  sensitive = true
}

variable "subnets" {
  type = list(string)
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnets
}

resource "aws_db_instance" "this" {
  identifier           = var.name
  db_name              = var.name
  engine               = "postgres"
  engine_version       = "16.3"
  instance_class       = var.instance
  allocated_storage    = 20
  username             = "postgres"
  password             = var.password
  db_subnet_group_name = aws_db_subnet_group.this.name
  skip_final_snapshot  = true
  storage_encrypted    = true
}

resource "aws_secretsmanager_secret" "app" {
  name                    = "${var.name}/database"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "app" {
  secret_id     = aws_secretsmanager_secret.app.id
  secret_string = jsonencode({ password = var.password })
}
