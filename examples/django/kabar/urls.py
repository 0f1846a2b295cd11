"""Addresses of the project."""

from django.contrib import admin
from django.urls import path

from news import views

urlpatterns = [
    path("", views.find, name="find"),
    path("articles/<int:pk>/", views.read, name="read"),
    path("admin/", admin.site.urls),
]
